using System.Collections.Concurrent;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Relay;

namespace PortalApp.Writeback;

/// <summary>
/// Asks over the relay whether the agents of a connector and its directory answer: one answer per tenant and connector, at most 5 s old, asked
/// once for all who wait. A question is no row, opens no tenant key, and is not audited (docs/decisions/0008); a change of the answer is.
/// </summary>
internal sealed class WritebackHealth(AgentStore agents, HealthQuestions questions, IRelay relay, AuditLog audit, TimeProvider clock)
{
    public static readonly TimeSpan GivesUpAfter = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(TenantId, string), Asked> held = [];
    private readonly ConcurrentDictionary<(TenantId, string), bool> lastUp = [];

    /// <summary>Of several connectors: the worst answer. Of none: of whichever the tenant's agents are ready for.</summary>
    public async Task<HealthAnswer> AskAsync(TenantId tenant, IReadOnlyList<string> connectors, CancellationToken cancellation)
    {
        if (connectors.Count == 0)
        {
            var active = await agents.ActiveAsync(tenant, cancellation);
            connectors = active.Connectors;
            if (connectors.Count == 0)
            {
                return NobodyOf(active);
            }
        }

        var answers = await Task.WhenAll(connectors.Select(connector => AskAsync(tenant, connector, cancellation)));
        return answers.FirstOrDefault(answer => answer is not HealthAnswer.Up) ?? new HealthAnswer.Up();
    }

    /// <param name="cancellation">Ends the caller's waiting; the question goes on for the others.</param>
    public Task<HealthAnswer> AskAsync(TenantId tenant, string connector, CancellationToken cancellation)
    {
        var of = (tenant, connector);
        while (true)
        {
            if (held.TryGetValue(of, out var last) && IsGood(last))
            {
                return last.Answer.Value.WaitAsync(cancellation);
            }

            var fresh = new Asked(clock.GetTimestamp(), new(() => AskAgentsAsync(tenant, connector)));
            if (last is null ? held.TryAdd(of, fresh) : held.TryUpdate(of, fresh, last))
            {
                return fresh.Answer.Value.WaitAsync(cancellation);
            }
        }
    }

    private bool IsGood(Asked held) =>
        !held.Answer.Value.IsCompleted || (held.Answer.Value.IsCompletedSuccessfully && clock.GetElapsedTime(held.At) < Fresh);

    private async Task<HealthAnswer> AskAgentsAsync(TenantId tenant, string connector)
    {
        var answer = await AnswerAsync(tenant, connector);
        var up = answer is HealthAnswer.Up;
        if (answer is not HealthAnswer.NotDeployed && (!lastUp.TryGetValue((tenant, connector), out var before) || before != up))
        {
            lastUp[(tenant, connector)] = up;
            await audit.WriteAsync(
                new(up ? AuditEventId.WritebackUp : AuditEventId.WritebackDown, tenant, Actor.Portal)
                {
                    Reason = (answer as HealthAnswer.Down)?.Reason.ToString(),
                    Detail = connector,
                },
                CancellationToken.None
            );
        }

        return answer;
    }

    private async Task<HealthAnswer> AnswerAsync(TenantId tenant, string connector)
    {
        var active = await agents.ActiveAsync(tenant, CancellationToken.None);
        var recipients = active.RecipientsOf(connector, RequestKind.Health);
        if (recipients.Count == 0 || !await relay.HasReceiverAsync(tenant, connector))
        {
            return NobodyOf(active);
        }

        var question = questions.Ask(tenant);
        var envelope = Envelope.SealQuestion(question.Request, recipients);
        if (!await relay.SendAsync(tenant, connector, question.Request.Id, envelope, GivesUpAfter))
        {
            return new HealthAnswer.Down(WritebackReason.NoAgent);
        }

        return await question.AnswerAsync(GivesUpAfter) switch
        {
            WritebackResult.Healthy => new HealthAnswer.Up(),
            WritebackResult.NotAttempted refused => new HealthAnswer.Down(refused.Reason),
            _ => new HealthAnswer.Down(WritebackReason.NoAgent),
        };
    }

    private static HealthAnswer NobodyOf(ActiveAgents active) =>
        active.IsEmpty ? new HealthAnswer.NotDeployed() : new HealthAnswer.Down(WritebackReason.NoAgent);

    /// <param name="At">When the question was put, on the clock that never goes back.</param>
    private sealed record Asked(long At, Lazy<Task<HealthAnswer>> Answer);
}
