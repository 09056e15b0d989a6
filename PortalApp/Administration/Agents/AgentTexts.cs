namespace PortalApp.Administration.Agents;

/// <summary>Names the resource file of what is said about agents.</summary>
internal sealed class AgentTexts;
