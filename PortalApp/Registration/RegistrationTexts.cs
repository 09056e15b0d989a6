namespace PortalApp.Registration;

/// <summary>Names the resource file of this slice's sentences.</summary>
internal sealed class RegistrationTexts;
