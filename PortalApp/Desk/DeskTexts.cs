namespace PortalApp.Desk;

/// <summary>Names the resource file of the desk's frame.</summary>
internal sealed class DeskTexts;
