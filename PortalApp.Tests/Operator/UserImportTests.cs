using System.Text;

namespace PortalApp.Tests.Operator;

/// <summary>What a spreadsheet writes, and what a hurried administrator does with it.</summary>
public sealed class UserImportTests(OperatorPortal portal) : IClassFixture<OperatorPortal>
{
    private static readonly UTF8Encoding Marked = new(encoderShouldEmitUTF8Identifier: true);

    public static TheoryData<string, byte[]> Spreadsheets { get; } =
        new()
        {
            { "commas", "jörg@cloud.test,jörg@a.example"u8.ToArray() },
            { "semicolons and a heading", Encoding.UTF8.GetBytes("UPN;E-mail\r\njörg@cloud.test;jörg@a.example\r\n") },
            { "tabs", Encoding.UTF8.GetBytes("jörg@cloud.test\tjörg@a.example\n") },
            { "quotes", Encoding.UTF8.GetBytes("\"jörg@cloud.test\",\"jörg@a.example\"\n") },
            { "UTF-8 with its mark", [.. Marked.GetPreamble(), .. Marked.GetBytes("jörg@cloud.test,jörg@a.example")] },
            { "UTF-16", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes("jörg@cloud.test,jörg@a.example")] },
            { "Windows-1252", Encoding.Latin1.GetBytes("jörg@cloud.test;jörg@a.example") },
        };

    public static TheoryData<string, string> Wrong { get; } =
        new()
        {
            { "anna@cloud.test,a@a.example\n\nnobody@cloud.test,x@a.example\n", "Line 3: There is no user nobody@cloud.test" },
            { "anna@cloud.test,a@a.example\nAnna@Cloud.test,b@a.example\n", "Line 2: anna@cloud.test stands in line 1 already" },
            { "anna@cloud.test,a@a.example\nanna@cloud.test\n", "Line 2: write UPN,email" },
            { "anna@cloud.test,\"a@a.example\n", "Line 1: a quote is opened" },
            { "anna@cloud.test,a@a..example\n", "Line 1:" },
        };

    [Theory]
    [MemberData(nameof(Spreadsheets))]
    public async Task What_a_spreadsheet_writes_is_read(string kind, byte[] content)
    {
        await portal.RunAsync("user", "add", "jörg@cloud.test");
        var file = await FileAsync(content);

        var outcome = await portal.RunAsync("user", "import", file);

        Assert.True(outcome.ExitCode == 0, $"{kind}: {outcome.Error}");
        Assert.Contains("jörg@a.example", await portal.StateAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_said_with_its_line_and_nobody_is_changed(string content, string sentence)
    {
        var before = await portal.StateAsync();
        var file = await FileAsync(Encoding.UTF8.GetBytes(content));

        var outcome = await portal.RunAsync("user", "import", file);

        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith(sentence, outcome.Error, StringComparison.Ordinal);
        Assert.Contains("Nothing was changed.", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(before, await portal.StateAsync());
    }

    [Fact]
    public async Task A_text_without_a_known_encoding_is_refused_with_what_to_save_it_as()
    {
        var outcome = await portal.RunAsync("user", "import", await FileAsync(Encoding.Unicode.GetBytes("anna@cloud.test,a@a.example")));

        Assert.Equal(1, outcome.ExitCode);
        Assert.Contains("UTF-8", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fewer_addresses_than_before_are_shown_first_and_want_a_word()
    {
        await portal.RunAsync("user", "add", "two@cloud.test");
        await portal.RunAsync("user", "import", await FileAsync("two@cloud.test,one@a.example,other@a.example"u8.ToArray()));
        var shorter = await FileAsync("two@cloud.test,new@a.example"u8.ToArray());

        var refused = await portal.RunAsync("user", "import", shorter);
        var dry = await portal.RunAsync("user", "import", shorter, "--dry-run");
        var before = await portal.StateAsync();
        var done = await portal.RunAsync("user", "import", shorter, "--replace");

        Assert.Contains("holds 2 addresses and the line has 1", refused.Error, StringComparison.Ordinal);
        Assert.Equal(0, dry.ExitCode);
        Assert.Contains("one@a.example, other@a.example\t→\tnew@a.example", dry.Output, StringComparison.Ordinal);
        Assert.Contains("one@a.example", before, StringComparison.Ordinal);
        Assert.Equal((0, ""), (done.ExitCode, done.Error));
        Assert.Contains("new@a.example", await portal.StateAsync(), StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(byte[] content)
    {
        var file = Path.Combine(portal.Folder, $"{Guid.CreateVersion7():N}.csv");
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        return file;
    }
}
