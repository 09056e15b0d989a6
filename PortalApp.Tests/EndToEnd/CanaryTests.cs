using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Playwright;

namespace PortalApp.Tests.EndToEnd;

/// <summary>A password that was really reset is looked for in everything that portal and agent keep or say.</summary>
[Collection(WorldCollection.Name)]
public sealed class CanaryTests(World world)
{
    [Fact]
    [Trait("Case", "H108")]
    public async Task A_password_is_in_no_log_database_journal_outbox_temporary_file_page_or_console_in_any_spelling()
    {
        const string canary = "Canary+Ω/7=Zeewolde?9";
        const string refused = "canaryß7";
        const string mistyped = "Canary+Ω/7=Zeewolde?8";
        var start = TimeProvider.System.GetUtcNow();
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
        await ForestSignInTests.SignInAsync(wizard.Page, person.Upn, mistyped);
        await Assertions.Expect(wizard.Alert).ToBeVisibleAsync(new() { Timeout = 30_000 });
        Assert.DoesNotContain(mistyped, await wizard.Page.ContentAsync(), StringComparison.Ordinal);
        await ForestSignInTests.SignInAsync(wizard.Page, person.Upn, canary);
        await Assertions.Expect(wizard.Page.GetByText("You are signed in as")).ToBeVisibleAsync(new() { Timeout = 30_000 });
        string[] kept =
        [
            .. Directory.EnumerateFiles(world.Portal.Folder, "*", SearchOption.AllDirectories).Where(file => new FileInfo(file).Length > 0),
            .. WrittenSince(start, Path.GetTempPath()),
        ];
        foreach (var secret in new[] { canary, refused, mistyped })
        {
            Assert.DoesNotContain(secret, await wizard.Page.ContentAsync(), StringComparison.Ordinal);
            Assert.DoesNotContain(tab.Console, line => line.Contains(secret, StringComparison.Ordinal));
            Assert.Empty(Find(Encoding.UTF8.GetBytes(world.Portal.Log), secret, "the portal's log"));
            foreach (var file in kept)
            {
                Assert.Empty(Find(await ReadAsync(file), secret, file));
            }
        }

        // The search itself finds what is there.
        Assert.NotEmpty(Find(Encoding.Unicode.GetBytes("x" + canary), canary, "a planted one"));
        Assert.NotEmpty(
            Find(Encoding.ASCII.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes($"xy{canary}z"))), canary, "a planted one")
        );
        Assert.NotEmpty(Find(JsonSerializer.SerializeToUtf8Bytes(canary), canary, "a planted one"));
    }

    private static IEnumerable<string> Find(byte[] haystack, string secret, string where) =>
        Spellings(secret).Where(s => haystack.AsSpan().IndexOf(s.Bytes) >= 0).Select(s => $"{s.Name} in {where}");

    private static IEnumerable<(string Name, byte[] Bytes)> Spellings(string secret)
    {
        var (utf8, utf16) = (Encoding.UTF8.GetBytes(secret), Encoding.Unicode.GetBytes(secret));
        yield return ("UTF-8", utf8);
        yield return ("UTF-16", utf16);
        foreach (var bytes in new[] { utf8, utf16 })
        {
            yield return ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexStringLower(bytes)));
            yield return ("hexadecimal", Encoding.ASCII.GetBytes(Convert.ToHexString(bytes)));
            for (var offset = 0; offset < 3; offset++)
            {
                yield return ($"base64 at {offset}", Encoding.ASCII.GetBytes(Base64At(bytes, offset)));
                yield return (
                    $"base64url at {offset}",
                    Encoding.ASCII.GetBytes(Base64At(bytes, offset).Replace('+', '-').Replace('/', '_'))
                );
            }
        }

        yield return ("URL", Encoding.ASCII.GetBytes(Uri.EscapeDataString(secret)));
        yield return ("form", Encoding.ASCII.GetBytes(System.Net.WebUtility.UrlEncode(secret)));
        yield return ("JSON", Encoding.ASCII.GetBytes(JsonEncodedText.Encode(secret).ToString()));
        yield return (
            "relaxed JSON",
            JsonEncodedText.Encode(secret, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray()
        );
        yield return ("HTML", Encoding.ASCII.GetBytes(HtmlEncoder.Default.Encode(secret)));
    }

    /// <summary>The characters that are the same whatever stands before and behind, where so many bytes of a group of three stand before.</summary>
    private static string Base64At(byte[] bytes, int offset)
    {
        var text = Convert.ToBase64String([.. new byte[offset], .. bytes]).TrimEnd('=');
        return text[(offset == 0 ? 0 : offset + 1)..^((bytes.Length + offset) % 3 == 0 ? 0 : 1)];
    }

    private static IEnumerable<string> WrittenSince(DateTimeOffset start, string folder) =>
        Directory
            .EnumerateFiles(
                folder,
                "*",
                new EnumerationOptions
                {
                    RecurseSubdirectories = true,
                    IgnoreInaccessible = true,
                    AttributesToSkip = FileAttributes.ReparsePoint | FileAttributes.Device,
                }
            )
            .Where(file => File.GetLastWriteTimeUtc(file) >= start.UtcDateTime && new FileInfo(file) is { Exists: true, Length: > 0 });

    private static async Task<byte[]> ReadAsync(string file)
    {
        if (!File.Exists(file))
        {
            return [];
        }

        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        await stream.CopyToAsync(all);
        return all.ToArray();
    }
}
