using System.Collections.Concurrent;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Relay;
using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

/// <summary>Asks a tenant's agents whether they and their directory answer: one answer per tenant, at most 5 s old, asked once for all who wait.</summary>
internal sealed class WritebackHealth(
    AgentStore agents,
    WritebackClient client,
    RelaySender relay,
    RequestWatch watch,
    AuditLog audit,
    TimeProvider clock
)
{
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<TenantId, Asked> held = [];
    private readonly ConcurrentDictionary<TenantId, bool> lastUp = [];

    /// <param name="cancellation">Ends the caller's waiting; the question goes on for the others.</param>
    public Task<HealthAnswer> AskAsync(TenantId tenant, CancellationToken cancellation)
    {
        while (true)
        {
            if (held.TryGetValue(tenant, out var last) && IsGood(last))
            {
                return last.Answer.Value.WaitAsync(cancellation);
            }

            var fresh = new Asked(clock.GetTimestamp(), new(() => AskAgentsAsync(tenant)));
            if (last is null ? held.TryAdd(tenant, fresh) : held.TryUpdate(tenant, fresh, last))
            {
                return fresh.Answer.Value.WaitAsync(cancellation);
            }
        }
    }

    private bool IsGood(Asked held) =>
        !held.Answer.Value.IsCompleted || (held.Answer.Value.IsCompletedSuccessfully && clock.GetElapsedTime(held.At) < Fresh);

    private async Task<HealthAnswer> AskAgentsAsync(TenantId tenant)
    {
        var answer = await AnswerAsync(tenant);
        var up = answer is HealthAnswer.Up;
        if (answer is not HealthAnswer.NotDeployed && (!lastUp.TryGetValue(tenant, out var before) || before != up))
        {
            lastUp[tenant] = up;
            await audit.WriteAsync(
                new(up ? AuditEventId.WritebackUp : AuditEventId.WritebackDown, tenant, Actor.Portal)
                {
                    Reason = (answer as HealthAnswer.Down)?.Reason.ToString(),
                },
                CancellationToken.None
            );
        }

        return answer;
    }

    private async Task<HealthAnswer> AnswerAsync(TenantId tenant)
    {
        if ((await agents.RecipientsAsync(tenant, CancellationToken.None)).Count == 0)
        {
            return new HealthAnswer.NotDeployed();
        }

        if (!relay.HasReceiver(tenant) || await client.AskHealthAsync(tenant, GivesUpAfter, CancellationToken.None) is not { } asked)
        {
            return new HealthAnswer.Down(WritebackReason.NoAgent);
        }

        return await watch.WaitAsync(tenant, asked, GivesUpAfter, CancellationToken.None) switch
        {
            WritebackResult.Healthy => new HealthAnswer.Up(),
            WritebackResult.NotAttempted refused => new HealthAnswer.Down(refused.Reason),
            _ => new HealthAnswer.Down(WritebackReason.NoAgent),
        };
    }

    /// <param name="At">When the question was put, on the clock that never goes back.</param>
    private sealed record Asked(long At, Lazy<Task<HealthAnswer>> Answer);
}
