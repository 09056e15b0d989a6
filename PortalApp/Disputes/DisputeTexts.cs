namespace PortalApp.Disputes;

/// <summary>Names the resource file of this slice's sentences.</summary>
internal sealed class DisputeTexts;
