using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Notifications.Phone;
using PortalApp.Outbound;

namespace PortalApp.Tests.Notifications.Phone;

/// <summary>Texts and calls at a server that speaks Twilio's form, or a gateway's.</summary>
public sealed class PhoneProviderTests
{
    private static readonly MessageContent Text = new("+31 612345678", null, "Contoso: 12345678 is your code.", Language: "en");
    private static readonly MessageContent Call = new(
        "+31 201234567",
        null,
        "Hallo.\nJe code is: 1, 2, 3.\nDag <jij> & ik.",
        Language: "nl"
    );

    [Fact]
    public async Task A_text_goes_in_Twilios_form()
    {
        await using var twilio = await TwilioServer.StartAsync();
        using var portal = Portal(twilio.Settings());

        await CarryAsync(portal, MessageChannel.Sms, Text);

        var taken = Assert.Single(twilio.Taken);
        Assert.Equal($"/2010-04-01/Accounts/{TwilioServer.Account}/Messages.json", taken.Path);
        Assert.Equal(("+31612345678", "+3197010250000", Text.Text), (taken["To"], taken["From"], taken["Body"]));
        Assert.Equal("https://portal.example/phone/reports/first/7", taken["StatusCallback"]);
        Assert.Equal(
            "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{TwilioServer.Account}:{TwilioServer.Token}")),
            taken.Headers["Authorization"]
        );
    }

    [Fact]
    [Trait("Case", "H112")]
    public async Task A_call_says_each_line_in_its_language_with_a_pause_behind_it()
    {
        await using var twilio = await TwilioServer.StartAsync();
        using var portal = Portal(twilio.Settings("First", ("Reports", "false")));

        await CarryAsync(portal, MessageChannel.Call, Call);

        var taken = Assert.Single(twilio.Taken);
        Assert.True(taken.IsCall);
        Assert.Equal(
            "<Response><Say language=\"nl-NL\">Hallo.</Say><Pause length=\"1\"/><Say language=\"nl-NL\">Je code is: 1, 2, 3.</Say>"
                + "<Pause length=\"1\"/><Say language=\"nl-NL\">Dag &lt;jij&gt; &amp; ik.</Say></Response>",
            taken["Twiml"]
        );
        Assert.Null(taken["StatusCallback"]);
    }

    [Fact]
    public async Task A_number_that_takes_no_texts_is_tried_with_no_other_provider()
    {
        await using var both = await BothAsync();
        var (first, second) = both;
        using var portal = Portal(first.Settings().Concat(second.Settings("Second")));
        first.Answer = _ => TwilioServer.No(400, 21614);

        var refused = await Assert.ThrowsAsync<NumberRefusedException>(() => CarryAsync(portal, MessageChannel.Sms, Text));

        Assert.Equal(AddressFaultReason.TakesNoTexts, refused.Why);
        Assert.Empty(second.Taken);
    }

    [Theory]
    [InlineData(429, 20429)]
    [InlineData(401, 20003)]
    [InlineData(500, 20500)]
    [InlineData(0, 0)]
    public async Task The_second_provider_carries_what_the_first_did_not_and_comes_first_until_that_one_rested(int status, int code)
    {
        await using var both = await BothAsync();
        var (first, second) = both;
        var clock = new FakeTimeProvider();
        using var portal = Portal(first.Settings().Concat(second.Settings("Second")), clock);
        first.Answer = _ => status == 0 ? null : TwilioServer.No(status, code);

        await CarryAsync(portal, MessageChannel.Sms, Text);
        await CarryAsync(portal, MessageChannel.Sms, Text);
        Assert.Equal((1, 2), (first.Taken.Count, second.Taken.Count));
        clock.Advance(TimeSpan.FromSeconds(30));
        await CarryAsync(portal, MessageChannel.Sms, Text);

        Assert.Equal((2, 3), (first.Taken.Count, second.Taken.Count));
        Assert.Single(second.Taken.Select(t => t["Body"]).Distinct());
    }

    [Theory]
    [InlineData("90", 90)]
    [InlineData("90", 90, "Gateway")]
    [InlineData("86400", 120)]
    [InlineData("soon", 30)]
    public async Task A_provider_that_is_busy_is_asked_last_for_as_long_as_it_says_and_never_long(
        string told,
        int seconds,
        string kind = "Twilio"
    )
    {
        await using var both = await BothAsync();
        var (first, second) = both;
        var clock = new FakeTimeProvider();
        using var portal = Portal(
            [
                new("Phone:First:Kind", kind),
                new("Phone:First:Text:Address", $"{first.Address}/send"),
                new("Phone:First:Text:Body", "{to} {text}"),
                .. first.Settings(),
                .. second.Settings("Second"),
            ],
            clock
        );
        (first.Answer, first.RetryAfter) = (_ => TwilioServer.No(429, 20429), told);
        await CarryAsync(portal, MessageChannel.Sms, Text);

        clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        await CarryAsync(portal, MessageChannel.Sms, Text);
        Assert.Equal((1, 2), (first.Taken.Count, second.Taken.Count));
        clock.Advance(TimeSpan.FromSeconds(1));
        await CarryAsync(portal, MessageChannel.Sms, Text);

        Assert.Equal((2, 3), (first.Taken.Count, second.Taken.Count));
    }

    [Fact]
    public async Task What_no_provider_took_is_said_to_have_failed()
    {
        await using var both = await BothAsync();
        var (first, second) = both;
        using var portal = Portal(first.Settings().Concat(second.Settings("Second")));
        first.Answer = second.Answer = _ => null;

        await Assert.ThrowsAsync<ProvidersFailedException>(() => CarryAsync(portal, MessageChannel.Sms, Text));

        Assert.Equal((1, 1), (first.Taken.Count, second.Taken.Count));
    }

    [Fact]
    public async Task A_numbers_prefix_chooses_the_provider_and_the_sender()
    {
        await using var both = await BothAsync();
        var (first, second) = both;
        using var portal = Portal(
            first
                .Settings("First", ("Senders:0", "+3161=Contoso"), ("Prefixes:0", "+31"))
                .Concat(second.Settings("Second", ("Prefixes:0", "+44"), ("Senders:0", "+44=Contoso UK"), ("Senders:1", "+4420=London")))
        );

        await CarryAsync(portal, MessageChannel.Sms, Text);
        await CarryAsync(portal, MessageChannel.Sms, Text with { To = "+44 7911123456" });
        await CarryAsync(portal, MessageChannel.Sms, Text with { To = "+44 2071234567" });

        Assert.Equal(["Contoso"], first.Taken.Select(t => t["From"]));
        Assert.Equal(["Contoso UK", "London"], second.Taken.Select(t => t["From"]));
    }

    [Fact]
    [Trait("Case", "H112")]
    public async Task A_gateway_is_told_by_its_templates_and_its_answer_says_what_was_sent()
    {
        await using var server = await TwilioServer.StartAsync();
        using var portal = Portal([
            new("Phone:First:Kind", "Gateway"),
            new("Phone:First:Text:Address", $"{server.Address}/send?to={{digits}}"),
            new("Phone:First:Text:Headers:0", "Authorization: Bearer {secret}"),
            new("Phone:First:Text:Body", """{"to":"{to}","text":"{text}"}"""),
            new("Phone:First:Text:Sent", "\"ok\""),
            new("Phone:First:Text:Refused", "landline"),
            .. server.Settings(),
        ]);
        server.Answer = _ => (200, """{"state":"ok"}""");
        await CarryAsync(portal, MessageChannel.Sms, Text with { Text = "\"quoted\"\n{secret}" });

        var taken = Assert.Single(server.Taken);
        Assert.Equal("/send", taken.Path);
        Assert.Equal($"Bearer {TwilioServer.Token}", taken.Headers["Authorization"]);
        using var body = System.Text.Json.JsonDocument.Parse(taken.Body);
        Assert.Equal("+31612345678", body.RootElement.GetProperty("to").GetString());
        Assert.Equal("\"quoted\"\n{secret}", body.RootElement.GetProperty("text").GetString());

        server.Answer = _ => (200, """{"state":"queue full"}""");
        await Assert.ThrowsAsync<ProvidersFailedException>(() => CarryAsync(portal, MessageChannel.Sms, Text));
        server.Answer = _ => (422, """{"state":"landline"}""");
        Assert.Equal(
            AddressFaultReason.TakesNoTexts,
            (await Assert.ThrowsAsync<NumberRefusedException>(() => CarryAsync(portal, MessageChannel.Sms, Text))).Why
        );
        Assert.False(portal.Services.GetRequiredService<PhoneProviders>().Carry(MessageChannel.Call));
    }

    [Fact]
    public async Task An_address_inside_the_network_that_nobody_listed_is_not_asked()
    {
        await using var twilio = await TwilioServer.StartAsync();
        using var portal = Portal(twilio.Settings().Where(s => s.Key != "Outbound:Allowed:0"));

        await Assert.ThrowsAsync<ProvidersFailedException>(() => CarryAsync(portal, MessageChannel.Sms, Text));

        Assert.Empty(twilio.Taken);
    }

    [Fact]
    public void Each_wrong_setting_of_a_provider_is_named()
    {
        var first = new PhoneProviderOptions
        {
            Kind = PhoneProviderKind.Twilio,
            Address = "http://api.example",
            Account = "me",
            SecretFile = "/nowhere/token",
            Senders = { "Contoso" },
            Prefixes = { "31" },
        };
        var second = new PhoneProviderOptions
        {
            Kind = PhoneProviderKind.Gateway,
            Text =
            {
                Address = "ftp://gateway.example",
                Body = "no code",
                Headers = { "Authorization" },
                Sent = "(",
                Refused = "[",
            },
        };

        var wrong = new PhoneOptionsValidator().Validate(new PhoneOptions { First = first, Second = second });

        Assert.Equal(
            [
                "Phone:First:Account",
                "Phone:First:Address",
                "Phone:First:From",
                "Phone:First:Prefixes",
                "Phone:First:SecretFile",
                "Phone:First:Senders",
                "Phone:Second:Text:Address",
                "Phone:Second:Text:Body",
                "Phone:Second:Text:Headers",
                "Phone:Second:Text:Refused",
                "Phone:Second:Text:Sent",
            ],
            wrong.Errors.Select(e => e.ErrorMessage.Split(": ")[0]).Order(StringComparer.Ordinal)
        );
        Assert.True(new PhoneOptionsValidator().Validate(new PhoneOptions()).IsValid);
    }

    private static async Task<Pair> BothAsync() => new(await TwilioServer.StartAsync(), await TwilioServer.StartAsync());

    private static Task CarryAsync(IHost portal, MessageChannel channel, MessageContent content) =>
        portal
            .Services.GetRequiredService<PhoneProviders>()
            .CarryAsync(
                new OutgoingMessage
                {
                    Id = 7,
                    Tenant = new TenantId(1),
                    Channel = channel,
                },
                content,
                TestContext.Current.CancellationToken
            );

    private static IHost Portal(IEnumerable<KeyValuePair<string, string?>> settings, TimeProvider? clock = null)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(settings.DistinctBy(s => s.Key));
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        builder.Services.Configure<PortalOptions>(portal => portal.Origin = "https://portal.example");
        builder.AddOptions(PhoneOptions.Section, new PhoneOptionsValidator());
        builder.AddOutbound();
        builder.Services.AddSingleton<PhoneProviders>();
        return builder.Build();
    }

    private sealed record Pair(TwilioServer First, TwilioServer Second) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
