using System.Diagnostics;
using System.Globalization;
using PortalApp.Audit.Tallies;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;

namespace PortalApp.PasswordReset;

/// <summary>What came of a gate's form. Closed: the three cases below.</summary>
internal abstract record StepAnswer
{
    private StepAnswer() { }

    /// <param name="NewKey">The flow's renewed key; null where it stays what it was.</param>
    public sealed record Done(string? NewKey) : StepAnswer;

    /// <summary>The gate said no.</summary>
    public sealed record Refused(GateRefusal Why) : StepAnswer;

    /// <summary>The flow is not where the form thought it was.</summary>
    public sealed record MovedOn : StepAnswer;
}

/// <summary>Takes a person through the gates: which, what comes before the question, and the answer.</summary>
internal sealed class GateStep(FlowStore flows, IEnumerable<IGate> gates, CheckStep check, TallyStore tallies, ILogger<GateStep> logger)
{
    /// <summary>Chooses a method and begins it, unless what was begun of it still stands.</summary>
    /// <param name="method">Its number, as the form says it.</param>
    public async Task<StepAnswer> ChooseAsync(StandingFlow flow, string? method, CancellationToken cancellation)
    {
        var chosen = int.TryParse(method, CultureInfo.InvariantCulture, out var number)
            ? flow.Choices.FirstOrDefault(h => (int)h.Method == number)
            : null;
        return flow.MayChoose && chosen is not null && await flows.ChooseAsync(flow, chosen.Method, cancellation)
            ? await BeginAsync(flow, chosen, anew: false, cancellation)
            : new StepAnswer.MovedOn();
    }

    /// <summary>Begins the gate that is asked anew, such as sending another code.</summary>
    public Task<StepAnswer> BeginAgainAsync(StandingFlow flow, CancellationToken cancellation) =>
        flow is { Stage: ResetStage.Gate, Asked: { } asked }
            ? BeginAsync(flow, asked, anew: true, cancellation)
            : Task.FromResult<StepAnswer>(new StepAnswer.MovedOn());

    /// <param name="form">As it was sent; the gate alone knows its fields.</param>
    public async Task<StepAnswer> AnswerAsync(StandingFlow flow, IFormCollection form, CancellationToken cancellation)
    {
        if (flow is not { Stage: ResetStage.Gate, Asked: { } asked })
        {
            return new StepAnswer.MovedOn();
        }

        if (await gates.Of(asked.Method).AnswerAsync(flow.Subject, form, cancellation) is GateAnswer.Refused { Why: var why })
        {
            logger.GateRefused(flow.Row.Trace, asked.Method, why);
            await tallies.CountAsync(flow.Row.Tenant, TallyKind.GateFailed, $"{asked.Method}", cancellation);
            return new StepAnswer.Refused(why);
        }

        var key = FlowCookie.NewKey();
        if (!await check.PassAsync(flow, asked, key, cancellation))
        {
            return new StepAnswer.MovedOn();
        }

        await tallies.CountAsync(flow.Row.Tenant, TallyKind.GatePassed, $"{asked.Method}", cancellation);
        await BeginNextAsync(flow, asked, cancellation);
        return new StepAnswer.Done(key);
    }

    /// <summary>Where another gate is asked for and there is one left, nobody chooses it.</summary>
    private async Task BeginNextAsync(StandingFlow flow, GateHolding passed, CancellationToken cancellation)
    {
        if (flow.GatesPassed + 1 < flow.GatesRequired && flow.Choices.Where(IsAnother).ToArray() is [var only])
        {
            await BeginAsync(flow, only, anew: false, cancellation);
        }

        bool IsAnother(GateHolding other) => other.Method.Counted() != passed.Method.Counted();
    }

    private async Task<StepAnswer> BeginAsync(StandingFlow flow, GateHolding holding, bool anew, CancellationToken cancellation)
    {
        switch (await gates.Of(holding.Method).BeginAsync(flow.Subject, anew, cancellation))
        {
            case GateBeginning.Begun:
                return new StepAnswer.Done(null);
            case GateBeginning.Refused { Why: var why }:
                logger.GateNotBegun(flow.Row.Trace, holding.Method, why);
                return new StepAnswer.Refused(why);
            default:
                throw new UnreachableException();
        }
    }
}
