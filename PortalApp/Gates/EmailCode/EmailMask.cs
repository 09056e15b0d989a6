namespace PortalApp.Gates.EmailCode;

/// <summary>
/// What a page may show of an address: <c>•••@g•••.com</c>. The first character of the domain and its last label, nothing of the local part
/// and no length. Where a country keeps its registrations one label deeper (<c>co.uk</c>), both labels are shown.
/// </summary>
internal static class EmailMask
{
    private const string Bullets = "•••";
    private static readonly string[] CountrysOwn = ["ac", "co", "com", "edu", "go", "gov", "ne", "net", "or", "org"];

    /// <param name="domain">What stands behind the @, not empty.</param>
    public static string OfDomain(string domain)
    {
        var lower = domain.ToLowerInvariant();
        var first = lower.EnumerateRunes().First();
        var labels = lower.Split('.');
        return labels.Length == 1 ? $"{Bullets}@{first}{Bullets}" : $"{Bullets}@{first}{Bullets}.{Ending(labels)}";
    }

    private static string Ending(string[] labels) =>
        labels is [_, .., var second, { Length: 2 } last] && CountrysOwn.Contains(second) ? $"{second}.{last}" : labels[^1];
}
