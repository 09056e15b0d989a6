using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Portal.Relay;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Layout;

/// <summary>Callers who begin and do not go on hold a place for seconds, not minutes.</summary>
public sealed class StalledCallTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<int> Kinds => [.. Enumerable.Range(0, StalledCalls.Kinds.Length)];

    [Theory, MemberData(nameof(Kinds)), Trait("Case", "H20")]
    public async Task Who_does_not_go_on_is_cut_off_within_twenty_seconds(int kind)
    {
        await using var portal = await ResetPortal.StartAsync();
        await using var stream = await StalledCalls.BeginAsync(StalledCalls.Kinds[kind], network: 1, portal.Address.Port, portal.Trust, Ct);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(20));

        await ReadToTheEndAsync(stream, patience.Token);
    }

    [Fact, Trait("Case", "H20")]
    public async Task Two_thousand_stalled_connections_of_every_kind_cut_off_neither_a_person_nor_an_agent()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var stalled = await StalledCalls.BeginAsync(500, portal.Address.Port, portal.Trust, Ct);
        await portal.AddUserAsync("anna", "anna@gmail.example");
        using var anna = portal.NewPerson();

        await portal.Agent.ListenAsync(portal.Address, portal.AuthorityFile, portal.Tenant.Id);
        await portal.ReachPasswordAsync(anna, "anna@corp.test", "anna@gmail.example");
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));

        Assert.Contains("Your password has been reset", (await anna.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connections_are_bounded_and_the_relay_is_never_short_of_one()
    {
        await using var portal = await PortalHost.StartAsync();
        var limits = portal.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.InRange(limits.MaxConcurrentConnections ?? long.MaxValue, 5_000, 20_000);
        Assert.Equal(
            RelayLimits.MaxConnections + RelayLimits.MaxHandshakes + RelayLimits.ReservedHandshakes,
            limits.MaxConcurrentUpgradedConnections
        );
    }

    private static async Task ReadToTheEndAsync(Stream stream, CancellationToken cancellation)
    {
        var rest = new byte[4096];
        try
        {
            while (await stream.ReadAsync(rest, cancellation) > 0) { }
        }
        catch (IOException)
        {
            // Cut without a word.
        }
    }
}
