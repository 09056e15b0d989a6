using System.Globalization;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using PortalApp.Notifications;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Notifications;

/// <summary>Through a real mail server, or against one that is not there.</summary>
public sealed class MailServerTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H111")]
    public async Task A_line_end_in_a_subject_makes_no_header_and_no_recipient()
    {
        await using var server = await MailServer.StartAsync(Ct);
        await using var portal = await StartAsync(server.Port);

        await OutboxTests.QueueAsync(portal, "anna@a.example", "Reset\r\nBcc: eve@evil.example\r\n\r\nbody", deliver: true);
        var mail = await server.WaitForAsync("anna@a.example", Ct);

        Assert.Empty(mail.Bcc);
        Assert.Null(mail.Headers[HeaderId.Bcc]);
        Assert.StartsWith("Reset", mail.Subject, StringComparison.Ordinal);
        Assert.Equal("Your code is 12345678.", mail.TextBody?.Trim());
        Assert.Equal("no-reply@portal.example", mail.From.Mailboxes.Single().Address);
    }

    [Theory]
    [InlineData(null, "localhost")]
    [InlineData("portal.corp.example", "portal.corp.example")]
    public async Task It_greets_by_the_name_that_was_told_or_by_its_origins(string? told, string name)
    {
        await using var server = await MailServer.StartAsync(Ct);
        await using var portal = await StartAsync(server.Port, told);

        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        var mail = await server.WaitForAsync("anna@a.example", Ct);

        Assert.EndsWith($"@{name}", mail.MessageId, StringComparison.Ordinal);
        Assert.Contains($"helo={name}", mail.Headers[HeaderId.Received], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_takes_no_other_script_is_given_no_such_address_and_the_log_says_why()
    {
        await using var server = await MailServer.StartAsync(Ct, unicode: false);
        await using var portal = await StartAsync(server.Port);

        await OutboxTests.QueueAsync(portal, "甲斐@portal.example", "x", deliver: true);
        await OutboxTests.QueueAsync(portal, "ben@a.example", "after", deliver: true);
        await server.WaitForAsync("ben@a.example", Ct);

        Assert.Contains("it lacks SMTPUTF8", portal.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mail_reaches_an_address_in_another_script_as_text_and_as_html()
    {
        await using var server = await MailServer.StartAsync(Ct);
        await using var portal = await StartAsync(server.Port);

        await OutboxTests.QueueAsync(portal, "甲斐@黒川.日本", "件名", deliver: true, html: "<p>件名</p>");
        var mail = await server.WaitForAsync("甲斐@黒川.日本", Ct);

        Assert.Equal("件名", mail.Subject);
        Assert.IsType<MultipartAlternative>(mail.Body);
        Assert.Equal(("Your code is 12345678.", "<p>件名</p>"), (mail.TextBody?.Trim(), mail.HtmlBody?.Trim()));
    }

    [Fact]
    [Trait("Case", "H111")]
    public async Task A_recipient_with_a_line_end_is_never_sent_to()
    {
        await using var server = await MailServer.StartAsync(Ct);
        await using var portal = await StartAsync(server.Port);

        await OutboxTests.QueueAsync(portal, "anna@a.example\r\nRCPT TO:<eve@evil.example>", "x", deliver: true);
        await OutboxTests.QueueAsync(portal, "ben@a.example", "after", deliver: true);
        await server.WaitForAsync("ben@a.example", Ct);

        await WaitAsync(portal, mail => mail.Tries > 0 && mail.EndedAt is null, "a first try that failed");
        Assert.DoesNotContain("eve@evil.example", portal.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_mail_server_a_mail_is_tried_again_and_given_up_when_its_time_is_over()
    {
        await using var portal = await StartAsync(Loopback.FreePort());
        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true, TimeSpan.FromMinutes(10));
        await WaitAsync(portal, mail => mail.Tries > 0, "a first try");
        portal.Clock.Offset += TimeSpan.FromMinutes(5);
        await WaitAsync(portal, mail => mail.Tries > 1, "a second try");
        portal.Clock.Offset += TimeSpan.FromMinutes(6);
        await WaitAsync(portal, mail => mail.EndedAt is not null && mail.Content is null, "the end");

        Assert.Contains("[35002]", portal.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("anna@a.example", portal.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", portal.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_private_authority_without_a_revocation_list_vouches_where_both_are_told()
    {
        var certificates = await forests.CertificatesAsync();
        await using var server = await StartWithTlsAsync(certificates);
        await using var portal = await StartWithTlsAsync(server.Port, certificates.AuthorityFile, checks: false);

        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        var mail = await server.WaitForAsync("anna@a.example", Ct);

        Assert.Contains("TLS", mail.Headers[HeaderId.Received], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, "whether the certificate is revoked cannot be found out; Mail:Smtp:CheckRevocation")]
    [InlineData(false, false, "the certificate's authority is not known here; Mail:Smtp:Ca")]
    public async Task A_certificate_that_is_not_trusted_is_sent_nothing_and_the_log_says_which_check_failed(
        bool known,
        bool checks,
        string said
    )
    {
        var certificates = await forests.CertificatesAsync();
        await using var server = await StartWithTlsAsync(certificates);
        await using var portal = await StartWithTlsAsync(server.Port, known ? certificates.AuthorityFile : null, checks);

        await OutboxTests.QueueAsync(portal, "anna@a.example", "Code", deliver: true);
        await WaitAsync(portal, mail => mail.Tries > 0, "a first try");

        Assert.Contains(said, portal.Log, StringComparison.Ordinal);
        Assert.Equal(0, server.Count);
    }

    private static Task<MailServer> StartWithTlsAsync(TestCertificates certificates) =>
        MailServer.StartAsync(
            Ct,
            manner: new(Certificate: certificates.Issue(Repository.NewFolder("mail-tls"), "mail", ["localhost"], []))
        );

    private async Task<InProcessPortal> StartWithTlsAsync(int port, string? ca, bool checks) =>
        await InProcessPortal.StartAsync(
            await forests.CertificatesAsync(),
            new Dictionary<string, string?>
            {
                ["Mail:Outbox"] = null,
                ["Mail:Smtp:Host"] = "localhost",
                ["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
                ["Mail:Smtp:Ca"] = ca,
                ["Mail:Smtp:CheckRevocation"] = $"{checks}",
            },
            Ct
        );

    private async Task<InProcessPortal> StartAsync(int port, string? heloName = null) =>
        await InProcessPortal.StartAsync(
            await forests.CertificatesAsync(),
            new Dictionary<string, string?>
            {
                ["Mail:Outbox"] = null,
                ["Mail:HeloName"] = heloName,
                ["Mail:Smtp:Host"] = "127.0.0.1",
                ["Mail:Smtp:Port"] = port.ToString(CultureInfo.InvariantCulture),
                ["Mail:Smtp:Security"] = "None",
            },
            Ct
        );

    /// <summary>For the oldest mail.</summary>
    private static Task WaitAsync(InProcessPortal portal, Func<OutgoingMessage, bool> condition, string what) =>
        Eventually.TrueAsync(
            async () =>
            {
                await using var db = await portal.OpenDatabaseAsync();
                return condition(await db.Set<OutgoingMessage>().AsNoTracking().OrderBy(m => m.Id).FirstAsync(Ct));
            },
            TimeSpan.FromSeconds(20),
            what,
            Ct
        );
}
