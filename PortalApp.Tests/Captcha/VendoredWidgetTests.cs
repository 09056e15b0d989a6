using System.Security.Cryptography;
using System.Text.RegularExpressions;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Captcha;

public sealed partial class VendoredWidgetTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "PortalApp", "wwwroot", "lib", "altcha");

    [Fact]
    public void The_widget_is_the_published_one_unchanged()
    {
        var recorded = Line()
            .Matches(File.ReadAllText(Path.Combine(Folder, "VERSION.txt")))
            .ToDictionary(m => m.Groups["file"].Value, m => m.Groups["hash"].Value);
        var present = Directory
            .EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".js" or ".css")
            .ToDictionary(file => Path.GetFileName(file), file => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file))));

        Assert.Equal(recorded.OrderBy(f => f.Key, StringComparer.Ordinal), present.OrderBy(f => f.Key, StringComparer.Ordinal));
    }

    [GeneratedRegex(@"/(?<file>[\w.]+)\s+sha256 (?<hash>[0-9a-f]{64})")]
    private static partial Regex Line();
}
