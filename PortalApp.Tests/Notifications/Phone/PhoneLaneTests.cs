using PortalApp.Notifications;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Notifications.Phone;

/// <summary>Texts and calls of which some meet a server or a number that does not answer: in which order the others arrive.</summary>
public sealed class PhoneLaneTests(ForestFixture forests)
{
    private const int Lanes = 8;
    private const string Dead = "+31 612345600";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_number_that_does_not_answer_holds_up_its_own_texts_alone()
    {
        await using var twilio = await TwilioServer.StartAsync();
        twilio.Hangs = sent => sent["To"] == "+31612345600";
        await using var portal = await StartAsync(twilio.Settings());

        await QueueAsync(portal, 20, _ => Dead);
        await QueueAsync(portal, 20, n => $"+31 6123457{n:00}");
        await TakenAsync(twilio, sent => sent["To"] != "+31612345600", 20);

        Assert.InRange(twilio.Taken.Take(Lanes).Count(sent => sent["To"] == "+31612345600"), 1, 2);
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_holds_up_none_of_those_that_the_other_carries()
    {
        await using var first = await TwilioServer.StartAsync();
        await using var second = await TwilioServer.StartAsync();
        first.Hangs = _ => true;
        await using var portal = await StartAsync(
            new(
                first
                    .Settings("First", ("Prefixes:0", "+31"))
                    .Concat(second.Settings("Second", ("Prefixes:0", "+32")))
                    .DistinctBy(s => s.Key)
            )
        );

        await QueueAsync(portal, 20, n => $"+31 6123457{n:00}");
        await TakenAsync(first, _ => true, Lanes - 2);
        await QueueAsync(portal, 1, _ => "+32 470123456");
        await TakenAsync(second, _ => true, 1);

        Assert.Equal("+32470123456", second.Taken.First()["To"]);
    }

    [Fact]
    public async Task Texts_that_nobody_takes_hold_up_no_call()
    {
        await using var twilio = await TwilioServer.StartAsync();
        twilio.Hangs = sent => !sent.IsCall;
        await using var portal = await StartAsync(twilio.Settings());

        await QueueAsync(portal, 20, n => $"+31 6123457{n:00}");
        await TakenAsync(twilio, _ => true, Lanes);
        await QueueAsync(portal, 1, _ => "+31 612345799", MessageChannel.Call);
        await TakenAsync(twilio, sent => sent.IsCall, 1);

        Assert.Equal(Lanes, twilio.Taken.TakeWhile(sent => !sent.IsCall).Count());
    }

    private static Task TakenAsync(TwilioServer server, Func<PhoneCall, bool> which, int count) =>
        Eventually.TrueAsync(() => server.Taken.Count(which) >= count, TimeSpan.FromSeconds(30), $"{count} messages", Ct);

    private static async Task QueueAsync(
        InProcessPortal portal,
        int messages,
        Func<int, string> to,
        MessageChannel channel = MessageChannel.Sms
    )
    {
        for (var n = 0; n < messages; n++)
        {
            await OutboxTests.QueueAsync(portal, to(n), null, deliver: true, channel: channel);
        }
    }

    private async Task<InProcessPortal> StartAsync(Dictionary<string, string?> settings) =>
        await InProcessPortal.StartAsync(await forests.CertificatesAsync(), settings, Ct);
}
