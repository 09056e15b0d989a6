namespace PortalApp.Administration.Overview;

/// <summary>Names the resource file of what the overview says of a tenant's first steps and its agents' synchronisation.</summary>
internal sealed class OverviewTexts;
