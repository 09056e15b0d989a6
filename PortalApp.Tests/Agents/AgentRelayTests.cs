using System.Diagnostics;
using Agent.Relay;
using Agent.Status;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Relay.Queues;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Relay;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Agents;

/// <summary>How a running agent meets a relay that is gone, that lies, or that no longer knows it.</summary>
public sealed class AgentRelayTests(ForestFixture forests) : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private InProcessPortal portal = null!;
    private AgentProcess agent = null!;
    private TenantId tenant;

    public async ValueTask InitializeAsync()
    {
        var forest = await forests.StartedAsync();
        portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync());
        var number = await portal.OperateAsync(
            "tenant",
            "add",
            "Corp",
            "--helpdesk-phone",
            "+31 201234567",
            "--helpdesk-email",
            "help@corp.example"
        );
        await portal.OperateAsync("domain", "add", ForestPopulation.Suffix, "--tenant", number, "--password-management", "Federated");
        tenant = new TenantId(int.Parse(number, System.Globalization.CultureInfo.InvariantCulture));
        agent = new AgentProcess(Path.Combine(portal.Folder, "agent"), Path.Combine(portal.Folder, "agent.log"));
        await agent.ConfigureAsync(new AgentSetup(portal.Address, forest));
        await agent.EnrolAsync(portal.Address, await portal.OperateAsync("agent", "code", "--tenant", number));
        await agent.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await agent.DisposeAsync();
        await portal.DisposeAsync();
    }

    [Fact]
    public async Task The_agent_listens_again_within_ten_seconds_of_the_portals_return()
    {
        await portal.RestartAsync();

        var back = Stopwatch.StartNew();
        await Eventually.TrueAsync(
            () => portal.Services.GetRequiredService<EmbeddedRelay>().ConnectedAgents.Count == 1,
            Deadline,
            "the agent to connect again",
            TestContext.Current.CancellationToken
        );
        Assert.InRange(back.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    [Trait("Case", "H67")]
    public async Task A_forged_message_is_dropped_once_and_for_all_and_the_administrator_hears_of_it()
    {
        var queue = portal.Services.GetRequiredService<RelayBroker>().QueueOf(RelayAddress.Of(tenant, AgentStates.Connector));
        using var wrongKeys = System.Security.Cryptography.ECDiffieHellman.Create(
            System.Security.Cryptography.ECCurve.NamedCurves.nistP256
        );
        var forged = ForgeFor(wrongKeys.ExportParameters(includePrivateParameters: false));

        Assert.True(queue.TryAdd(forged));

        await Eventually.TrueAsync(
            async () =>
                (await portal.OperateAsync("audit", "list", "--tenant", tenant.ToString())).Contains("32010", StringComparison.Ordinal),
            Deadline,
            "the alarm of a forged message",
            TestContext.Current.CancellationToken
        );
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    [Trait("Case", "H70")]
    public async Task A_message_that_comes_long_after_its_deadline_is_dropped_however_genuine()
    {
        var ct = TestContext.Current.CancellationToken;
        var active = await portal.Services.GetRequiredService<AgentStore>().ActiveAsync(tenant, ct);
        var keys = await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, ct);
        var late = TimeProvider.System.GetUtcNow().AddMinutes(-6);
        var request = new WritebackRequest.Health(new(RequestId.New(), tenant, late.AddSeconds(-60), late));
        var queue = portal.Services.GetRequiredService<RelayBroker>().QueueOf(RelayAddress.Of(tenant, AgentStates.Connector));

        Assert.True(
            queue.TryAdd(
                new(
                    request.Id.Value,
                    Envelope.Seal(request, active.RecipientsOf(AgentStates.Connector, RequestKind.Health), keys[^1]),
                    late.AddHours(1)
                )
            )
        );

        await Eventually.TrueAsync(
            async () =>
                (await portal.OperateAsync("audit", "list", "--tenant", tenant.ToString())).Contains(
                    "34108 AgentAlarm",
                    StringComparison.Ordinal
                ),
            Deadline,
            "the alarm of a late message",
            ct
        );
        Assert.Equal(0, queue.Length);
    }

    [Fact]
    [Trait("Case", "H73")]
    public async Task A_revoked_agent_says_that_the_relay_refuses_it()
    {
        var id = (await portal.OperateAsync("agent", "list", "--tenant", tenant.ToString())).Split('\t')[0];

        await portal.OperateAsync("agent", "revoke", id);

        await Eventually.TrueAsync(
            async () =>
                (await agent.StatusAsync(TestContext.Current.CancellationToken)).LastWords.Contains(
                    "the relay refuses this agent",
                    StringComparison.Ordinal
                ),
            Deadline,
            "the agent to say that it is refused",
            TestContext.Current.CancellationToken
        );
    }

    [Fact]
    public async Task An_idle_agent_holds_at_most_90_MB()
    {
        var held = 0;
        await Eventually.TrueAsync(
            () => (held = ResidentMegabytes(agent.Process!.Id)) <= 90,
            Deadline,
            "the agent to hold at most 90 MB",
            TestContext.Current.CancellationToken
        );
        TestContext.Current.SendDiagnosticMessage($"The idle agent holds {held} MB.");
    }

    [Fact]
    public async Task A_killed_agent_does_not_count_as_running()
    {
        await agent.Process!.KillAsync();

        Assert.Equal("The agent does not run.", StatusFile.Problem(agent.DataDirectory, TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public void Attempts_come_at_most_five_seconds_apart_and_soon_at_first()
    {
        var pause = new ReconnectPause();
        var pauses = Enumerable.Range(0, 8).Select(_ => pause.Next().TotalSeconds).ToList();

        Assert.InRange(pauses[0], 0.4, 0.5);
        Assert.All(pauses, seconds => Assert.InRange(seconds, 0.4, 5.0));
        Assert.All(pauses.Skip(4), seconds => Assert.InRange(seconds, 4.0, 5.0));
        pause.Reset();
        Assert.InRange(pause.Next().TotalSeconds, 0.4, 0.5);
    }

    [Fact]
    [Trait("Case", "H89")]
    public async Task A_kind_of_a_newer_portal_is_answered_and_settled_and_no_forgery()
    {
        var ct = TestContext.Current.CancellationToken;
        var active = await portal.Services.GetRequiredService<AgentStore>().ActiveAsync(tenant, ct);
        var recipient = Assert.Single(active.RecipientsOf(AgentStates.Connector, RequestKind.Reset));
        using var key = System.Security.Cryptography.ECDiffieHellman.Create(recipient.Key);
        using var forge = new Forge
        {
            Tenant = tenant,
            TenantKey = (await portal.Services.GetRequiredService<TenantKeys>().OpenAsync(tenant, ct))[0],
            Agent = key,
            Issued = TimeProvider.System.GetUtcNow(),
        };
        await using var db = await portal.Services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(ct);
        db.Add(
            new Request
            {
                Id = forge.Id.Value,
                Tenant = tenant,
                Kind = (RequestKind)99,
                Issued = forge.Issued,
                Deadline = forge.Header.Deadline,
                Open = true,
            }
        );
        await db.SaveChangesAsync(ct);
        var queue = portal.Services.GetRequiredService<RelayBroker>().QueueOf(RelayAddress.Of(tenant, AgentStates.Connector));
        var envelope = forge.Outer(
            forge.Inner(forge.Content(content => content["kind"] = 99)),
            change: header => header["kid"] = forge.TenantKey.Generation.ToString(System.Globalization.CultureInfo.InvariantCulture)
        );

        Assert.True(queue.TryAdd(new(forge.Id.Value, envelope, forge.Header.Deadline)));

        var result = await portal.Services.GetRequiredService<RequestWatch>().WaitAsync(tenant, forge.Id, TimeSpan.FromSeconds(30), ct);
        Assert.Equal(WritebackReason.NotSupported, Assert.IsType<WritebackResult.NotAttempted>(result).Reason);
        await Eventually.TrueAsync(() => queue.Length == 0, Deadline, "the message to be settled", ct);
        var audit = await portal.OperateAsync("audit", "list", "--tenant", tenant.ToString());
        Assert.DoesNotContain("32010", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("Alarm", audit, StringComparison.Ordinal);
    }

    private static int ResidentMegabytes(int process) =>
        int.Parse(
            File.ReadLines($"/proc/{process}/status")
                .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
            System.Globalization.CultureInfo.InvariantCulture
        ) / 1024;

    /// <summary>As somebody who holds the broker but no key would write it.</summary>
    private RelayItem ForgeFor(System.Security.Cryptography.ECParameters key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var request = new WritebackRequest.Health(new(RequestId.New(), tenant, now, now.AddSeconds(60)));
        var envelope = Envelope.Seal(
            request,
            [new(EnvelopeKeys.Thumbprint(key), key)],
            new(1, System.Security.Cryptography.RandomNumberGenerator.GetBytes(32))
        );
        return new(request.Id.Value, envelope, now.AddSeconds(60));
    }
}
