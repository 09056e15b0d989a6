using System.Net;
using Microsoft.EntityFrameworkCore;
using PortalApp.Gates;
using PortalApp.Notifications;
using PortalApp.Notifications.Phone;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Notifications.Phone;
using PortalApp.Throttle;

namespace PortalApp.Tests.PasswordReset;

/// <summary>What a person is told of what a provider of texts and calls says.</summary>
public sealed class PhoneProviderFlowTests
{
    private const string Anna = "anna@corp.test";
    private const string Mobile = "+31 612345678";
    private const string NoTexts = "This number takes no texts";

    [Fact]
    public async Task A_number_that_takes_no_texts_says_so_and_is_called_instead_and_texted_no_more()
    {
        await using var twilio = await TwilioServer.StartAsync();
        await using var portal = await ResetPortal.StartAsync(twilio.Settings());
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        twilio.Answer = sent => sent.IsCall ? (201, "{}") : TwilioServer.No(400, 21614);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        var counted = await CountedAsync(portal);
        await anna.ChooseAsync(GateMethod.MobilePhoneText);
        await EndedAsync(portal);

        Assert.Equal(counted, await CountedAsync(portal));
        var page = await anna.GetAsync(ResetPaths.Verify);
        Assert.Contains(NoTexts, page.Html, StringComparison.Ordinal);
        Assert.Contains("Choose another way", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Verification code</label>", page.Html, StringComparison.Ordinal);
        await anna.ChooseAsync(GateMethod.MobilePhoneCall);
        await EndedAsync(portal);
        Assert.NotEqual(counted, await CountedAsync(portal));
        var code = CodeIn(Assert.Single(twilio.Taken, t => t.IsCall));
        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(code, GateMethod.MobilePhoneCall)).Location);

        using var again = portal.NewPerson();
        await again.BeginAsync(Anna);
        await again.ChooseAsync(GateMethod.MobilePhoneText);
        Assert.Contains(NoTexts, (await again.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        Assert.Single(twilio.Taken, t => !t.IsCall);
    }

    [Fact]
    [Trait("Case", "H44")]
    public async Task A_text_whose_answer_was_lost_goes_again_with_the_same_code_which_works_once()
    {
        await using var twilio = await TwilioServer.StartAsync();
        await using var portal = await ResetPortal.StartAsync(twilio.Settings());
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        twilio.Answer = _ => twilio.Taken.Count == 1 ? null : (201, "{}");
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(GateMethod.MobilePhoneText);
        await Eventually.TrueAsync(
            async () => await portal.WithDbAsync(db => db.Set<OutgoingMessage>().AnyAsync(m => m.Tries == 1)),
            TimeSpan.FromSeconds(20),
            "the first try to fail"
        );
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        await EndedAsync(portal);

        var code = Assert.Single(twilio.Taken.Select(t => t["Body"]!).Distinct()).Split(": ")[1][..8];
        Assert.Equal(2, twilio.Taken.Count);
        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(code, GateMethod.MobilePhoneText)).Location);
    }

    [Theory]
    [InlineData(nameof(GateMethod.MobilePhoneText))]
    [InlineData(nameof(GateMethod.MobilePhoneCall))]
    public async Task A_message_of_a_busy_provider_goes_when_it_said_and_its_code_works(string way)
    {
        var method = Enum.Parse<GateMethod>(way);
        await using var twilio = await TwilioServer.StartAsync();
        await using var portal = await ResetPortal.StartAsync(twilio.Settings());
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        (twilio.Answer, twilio.RetryAfter) = (_ => twilio.Taken.Count == 1 ? TwilioServer.No(429, 20429) : (201, "{}"), "75");
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.ChooseAsync(method);
        await Eventually.TrueAsync(
            async () => await portal.WithDbAsync(db => db.Set<OutgoingMessage>().AnyAsync(m => m.Tries == 1)),
            TimeSpan.FromSeconds(20),
            "the first try to be turned away"
        );
        var waits = await portal.WithDbAsync(db => db.Set<OutgoingMessage>().Select(m => m.NotBefore).SingleAsync());
        Assert.Equal(portal.Clock.GetUtcNow().AddSeconds(75), waits);
        portal.Clock.Advance(TimeSpan.FromSeconds(76));
        await EndedAsync(portal);

        Assert.Equal(2, twilio.Taken.Count);
        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(CodeIn(twilio.Taken.Last()), method)).Location);
    }

    [Fact]
    [Trait("Case", "H45")]
    public async Task A_report_counts_where_Twilio_signed_it_and_changes_nothing_where_anybody_else_did()
    {
        await using var twilio = await TwilioServer.StartAsync();
        await using var portal = await ResetPortal.StartAsync(twilio.Settings());
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        var counted = await CountedAsync(portal);
        await anna.ChooseAsync(GateMethod.MobilePhoneText);
        await EndedAsync(portal);
        var address = Assert.Single(twilio.Taken)["StatusCallback"]!;
        Dictionary<string, string> undelivered = new()
        {
            ["MessageStatus"] = "undelivered",
            ["ErrorCode"] = "30006",
            ["To"] = "+31612345678",
        };

        Assert.Equal(HttpStatusCode.Forbidden, await ReportAsync(portal, address, undelivered, signature: null));
        Assert.Equal(HttpStatusCode.Forbidden, await ReportAsync(portal, address, undelivered, Sign("another", address, undelivered)));
        var other = Sign(TwilioServer.Token, address + "0", undelivered);
        Assert.Equal(HttpStatusCode.Forbidden, await ReportAsync(portal, address, undelivered, other));
        Assert.DoesNotContain(NoTexts, (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        Assert.NotEqual(counted, await CountedAsync(portal));

        for (var twice = 0; twice < 2; twice++)
        {
            var signed = Sign(TwilioServer.Token, address, undelivered);
            Assert.Equal(HttpStatusCode.NoContent, await ReportAsync(portal, address, undelivered, signed));
        }

        Assert.Contains(NoTexts, (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AddressFault>().CountAsync()));
        Assert.Equal(counted, await CountedAsync(portal));
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H7")]
    public async Task Where_every_real_number_takes_no_texts_a_decoys_takes_none_either_and_nothing_is_sent_for_it()
    {
        await using var twilio = await TwilioServer.StartAsync();
        await using var portal = await ResetPortal.StartAsync(twilio.Settings());
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        twilio.Answer = _ => TwilioServer.No(400, 21614);
        using var known = portal.NewPerson();
        using var unknown = portal.NewPerson();

        await known.BeginAsync(Anna);
        await known.ChooseAsync(GateMethod.MobilePhoneText);
        await EndedAsync(portal);
        await unknown.BeginAsync("nobody@corp.test");
        var counted = await CountedAsync(portal);
        await unknown.ChooseAsync(GateMethod.MobilePhoneText);
        await EndedAsync(portal);

        var (real, decoy) = (await known.GetAsync(ResetPaths.Verify), await unknown.GetAsync(ResetPaths.Verify));
        Assert.Contains(NoTexts, decoy.Html, StringComparison.Ordinal);
        Assert.Equal(real.Comparable.Replace("anna%40", "nobody%40", StringComparison.Ordinal), decoy.Comparable);
        Assert.Single(twilio.Taken);
        Assert.Equal(counted, await CountedAsync(portal));
    }

    private static string CodeIn(PhoneCall taken) =>
        taken.IsCall
            ? taken["Twiml"]!.Split("Your verification code is: ")[1].Split('.')[0].Replace(", ", "", StringComparison.Ordinal)
            : taken["Body"]!.Split(": ")[1][..8];

    /// <summary>What stands against any limit.</summary>
    private static Task<List<string>> CountedAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            db.Set<ThrottleCount>()
                .Where(t => t.Count > 0)
                .OrderBy(t => t.Bucket)
                .ThenBy(t => t.Window)
                .Select(t => $"{t.Bucket} {t.Count}")
                .ToListAsync()
        );

    private static string Sign(string token, string address, Dictionary<string, string> form) =>
        TwilioReports.Sign(
            token,
            address,
            form.Select(f => KeyValuePair.Create(f.Key, new Microsoft.Extensions.Primitives.StringValues(f.Value)))
        );

    private static async Task<HttpStatusCode> ReportAsync(
        ResetPortal portal,
        string address,
        Dictionary<string, string> form,
        string? signature
    )
    {
        using var http = portal.NewClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address).PathAndQuery)
        {
            Content = new FormUrlEncodedContent(form),
        };
        if (signature is not null)
        {
            request.Headers.Add(TwilioReports.Header, signature);
        }

        using var response = await http.SendAsync(request);
        return response.StatusCode;
    }

    private static Task EndedAsync(ResetPortal portal) =>
        Eventually.TrueAsync(
            async () => await portal.WithDbAsync(db => db.Set<OutgoingMessage>().AllAsync(m => m.EndedAt != null)),
            TimeSpan.FromSeconds(20),
            "the messages to leave"
        );
}
