using System.Text;
using Microsoft.Playwright;

namespace PortalApp.Tests.EndToEnd;

/// <summary>A password that was really reset is looked for in everything that portal and agent keep or say.</summary>
[Collection(WorldCollection.Name)]
public sealed class CanaryTests(World world)
{
    [Fact]
    [Trait("Case", "H108")]
    public async Task A_password_is_in_no_log_database_journal_outbox_page_or_console_in_any_spelling()
    {
        const string canary = "Canary+Ω/7=Zeewolde?9";
        const string refused = "canaryß7";
        var person = world.TakePerson();
        await using var tab = await world.OpenAsync();
        var wizard = new Wizard(tab);
        await world.ProveAsync(wizard, person);
        await wizard.TypePasswordAsync(refused);
        await Assertions.Expect(wizard.Alert).ToBeVisibleAsync();
        Assert.DoesNotContain(refused, await wizard.Page.ContentAsync(), StringComparison.Ordinal);
        await wizard.TypePasswordAsync(canary);
        await wizard.ExpectDoneAsync();

        Assert.True(world.Forest.Admin.Bind(person.Upn, canary).Accepted);
        foreach (var secret in new[] { canary, refused })
        {
            Assert.DoesNotContain(secret, await wizard.Page.ContentAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain(tab.Console, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.Empty(Find(Encoding.UTF8.GetBytes(world.Portal.Log), secret, "the portal's log"));
            foreach (var file in Directory.EnumerateFiles(world.Portal.Folder, "*", SearchOption.AllDirectories))
            {
                Assert.Empty(Find(await ReadAsync(file), secret, file));
            }
        }

        // The search itself finds what is there.
        Assert.NotEmpty(Find(Encoding.Unicode.GetBytes("x" + canary), canary, "a planted one"));
    }

    private static IEnumerable<string> Find(byte[] haystack, string secret, string where)
    {
        var utf8 = Encoding.UTF8.GetBytes(secret);
        var utf16 = Encoding.Unicode.GetBytes(secret);
        (string Name, byte[] Bytes)[] spellings =
        [
            ("UTF-8", utf8),
            ("UTF-16", utf16),
            ("base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8).TrimEnd('='))),
            ("base64 of UTF-16", Encoding.ASCII.GetBytes(Convert.ToBase64String(utf16).TrimEnd('='))),
            ("URL", Encoding.ASCII.GetBytes(Uri.EscapeDataString(secret))),
        ];
        return spellings.Where(s => haystack.AsSpan().IndexOf(s.Bytes) >= 0).Select(s => $"{s.Name} in {where}");
    }

    private static async Task<byte[]> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
