namespace PortalApp.Administration.Events;

/// <summary>Names the resource file of how things end and why.</summary>
internal sealed class EventTexts;
