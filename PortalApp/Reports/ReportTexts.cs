namespace PortalApp.Reports;

/// <summary>Names the resource file of the reports.</summary>
internal sealed class ReportTexts;
