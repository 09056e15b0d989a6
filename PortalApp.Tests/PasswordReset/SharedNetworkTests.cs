using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Many people behind one address: an office, a carrier's gateway.</summary>
public class SharedNetworkTests
{
    [Fact]
    public async Task Two_hundred_and_one_people_of_one_office_all_reset_within_an_hour()
    {
        await using var portal = await ResetPortal.StartAsync();
        var began = portal.Clock.GetUtcNow();
        for (var n = 1; n <= Limits.Standard.FlowsOfNetwork.Most + 1; n++)
        {
            await ResetAsync(portal, string.Create(CultureInfo.InvariantCulture, $"person{n}"));
            portal.Clock.Skip(TimeSpan.FromSeconds(15));
        }

        Assert.InRange(portal.Clock.GetUtcNow() - began, TimeSpan.Zero, Limits.Standard.FlowsOfNetwork.Window);
    }

    [Fact]
    [Trait("Case", "H12")]
    public async Task The_201st_flow_of_a_network_within_the_hour_is_told_to_wait()
    {
        await using var portal = await ResetPortal.StartAsync();
        await TakeFlowsAsync(portal, Limits.Standard.FlowsOfNetwork.Most - 1);
        using var person = portal.NewPerson();
        Assert.Equal(HttpStatusCode.OK, (await person.BeginAsync("x@unknown.test")).Status);
        var beyond = await person.BeginAsync("x@unknown.test");

        Assert.Equal(HttpStatusCode.TooManyRequests, beyond.Status);
        Assert.Contains("Too many tries from your network", beyond.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reset_that_ended_well_leaves_its_place_to_the_next_one_of_the_office()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@home.example");
        await TakeFlowsAsync(portal, Limits.Standard.FlowsOfNetwork.Most - 1);
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, "anna@corp.test", "anna@home.example");
        using var next = portal.NewPerson();
        Assert.Equal(HttpStatusCode.TooManyRequests, (await next.BeginAsync("x@unknown.test")).Status);

        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));

        await Eventually.TrueAsync(
            async () => (await next.BeginAsync("x@unknown.test")).Status == HttpStatusCode.OK,
            TimeSpan.FromSeconds(20),
            "the place of the reset that ended"
        );
        Assert.Equal(HttpStatusCode.TooManyRequests, (await next.BeginAsync("x@unknown.test")).Status);
    }

    [Fact]
    public async Task A_network_that_the_operator_named_has_the_share_of_ten()
    {
        await using var portal = await ResetPortal.StartAsync(settings: new() { ["Portal:LargeNetworks:0"] = "127.0.0.77" });
        await TakeFlowsAsync(portal, (LargeNetworks.Share * Limits.Standard.FlowsOfNetwork.Most) - 1);
        using var person = portal.NewPerson();

        Assert.Equal(HttpStatusCode.OK, (await person.BeginAsync("x@unknown.test")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await person.BeginAsync("x@unknown.test")).Status);
    }

    [Fact]
    public async Task A_network_that_a_tenant_named_has_it_for_the_tenants_own_people_alone()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.WithDbAsync(db => db.Set<Tenant>().ExecuteUpdateAsync(set => set.SetProperty(t => t.Networks, "127.0.0.77")));
        await TakeFlowsAsync(portal, Limits.Standard.FlowsOfNetwork.Most);
        using var person = portal.NewPerson();

        Assert.Equal(HttpStatusCode.TooManyRequests, (await person.BeginAsync("x@unknown.test")).Status);
        Assert.NotEqual(HttpStatusCode.TooManyRequests, (await person.BeginAsync("x@corp.test")).Status);
        await portal.WithDbAsync(db =>
            db.Set<ThrottleCount>()
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, LargeNetworks.Share * Limits.Standard.FlowsOfNetwork.Most))
        );
        Assert.Equal(HttpStatusCode.TooManyRequests, (await person.BeginAsync("x@corp.test")).Status);
    }

    private static async Task TakeFlowsAsync(ResetPortal portal, int flows)
    {
        var network = NetworkPrefix.Of(IPAddress.Loopback).Value;
        Assert.True(await portal.Services.GetRequiredService<ThrottleStore>().TakeAsync(Limits.Standard.FlowsOfNetwork, network, default));
        await portal.WithDbAsync(db => db.Set<ThrottleCount>().ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, flows)));
    }

    private static async Task ResetAsync(ResetPortal portal, string name)
    {
        var mail = $"{name}@home.example";
        await portal.AddUserAsync(name, mail);
        using var person = portal.NewPerson();
        await portal.ReachPasswordAsync(person, $"{name}@corp.test", mail);
        await person.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));
        Assert.Contains("Your password has been reset", (await person.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
    }
}
