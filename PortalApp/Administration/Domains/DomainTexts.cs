namespace PortalApp.Administration.Domains;

/// <summary>Names the resource file of what is said about domains.</summary>
internal sealed class DomainTexts;
