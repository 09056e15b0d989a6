using System.Collections.Concurrent;
using Portal.Audit;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Audit;

namespace PortalApp.Writeback;

/// <summary>Whether a tenant's passwords can be set right now (M9, M22).</summary>
internal abstract record HealthAnswer
{
    private HealthAnswer() { }

    public sealed record Up : HealthAnswer;

    /// <summary>The tenant has no agent.</summary>
    public sealed record NotDeployed : HealthAnswer;

    public sealed record Down(WritebackReason Reason) : HealthAnswer;
}

/// <summary>Asks a tenant's agents whether they and their directory answer: one answer per tenant, at most 5 s old, asked once for all who wait.</summary>
internal sealed class WritebackHealth(AgentStore agents, WritebackClient client, RequestWatch watch, AuditLog audit, TimeProvider clock)
{
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<TenantId, Asked> asked = [];
    private readonly ConcurrentDictionary<TenantId, bool> lastUp = [];

    public Task<HealthAnswer> AskAsync(TenantId tenant, CancellationToken ct)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            if (
                asked.TryGetValue(tenant, out var held)
                && (!held.Answer.Value.IsCompleted || held.At + Fresh > now)
                && !held.Answer.Value.IsFaulted
            )
            {
                return held.Answer.Value.WaitAsync(ct);
            }

            var fresh = new Asked(now, new Lazy<Task<HealthAnswer>>(() => AskAgentsAsync(tenant)));
            if (held is null ? asked.TryAdd(tenant, fresh) : asked.TryUpdate(tenant, fresh, held))
            {
                return fresh.Answer.Value.WaitAsync(ct);
            }
        }
    }

    private async Task<HealthAnswer> AskAgentsAsync(TenantId tenant)
    {
        var answer = await AnswerAsync(tenant);
        var up = answer is HealthAnswer.Up;
        if (answer is not HealthAnswer.NotDeployed && (!lastUp.TryGetValue(tenant, out var before) || before != up))
        {
            lastUp[tenant] = up;
            await audit.WriteAsync(
                up ? AuditEventId.WritebackUp : AuditEventId.WritebackDown,
                tenant,
                detail: (answer as HealthAnswer.Down)?.Reason.ToString()
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

        if (await client.SendAsync(tenant, null, RequestKind.Health, null, null, CancellationToken.None) is not SendResult.Sent sent)
        {
            return new HealthAnswer.Down(WritebackReason.NoAgent);
        }

        return await watch.WaitAsync(tenant, sent.Id, GivesUpAfter, CancellationToken.None) switch
        {
            WritebackResult.Healthy => new HealthAnswer.Up(),
            WritebackResult.NotAttempted refused => new HealthAnswer.Down(refused.Reason),
            _ => new HealthAnswer.Down(WritebackReason.NoAgent),
        };
    }

    private sealed record Asked(DateTimeOffset At, Lazy<Task<HealthAnswer>> Answer);
}
