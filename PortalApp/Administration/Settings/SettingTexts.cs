namespace PortalApp.Administration.Settings;

/// <summary>Names the resource file of what is said about an organisation's settings.</summary>
internal sealed class SettingTexts;
