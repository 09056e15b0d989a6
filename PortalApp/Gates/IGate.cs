using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Gates;

/// <summary>
/// One way to prove who one is. What lies around it (the wizard, the decoys, the counts) knows of no method: a new gate is a class that does
/// what stands here, and a component. A decoy walks through the same code and leaves the same rows; nothing that it is answered, and no time
/// that it takes, tells it from a real account, and it never passes.
/// </summary>
internal interface IGate
{
    GateMethod Method { get; }

    /// <summary>What it is worth: two gates of one kind are one kind of proof.</summary>
    ProofKind Kind { get; }

    /// <summary>
    /// The component by which it asks: static, with a <see cref="GateAsking"/> as its cascading parameter, which gives it the page to stand in
    /// and the forms to send.
    /// </summary>
    Type Question { get; }

    /// <summary>What the person presses to choose it, such as "E-mail me at •••@g•••.com".</summary>
    string Offer(GateHolding holding);

    /// <summary>
    /// Who of these people of one tenant has what it takes, by <see cref="GatePerson.Subject"/>. The same for one who stands before the gate
    /// and for all who are only counted.
    /// </summary>
    Task<IReadOnlyDictionary<string, GateHolding>> HeldByAsync(IReadOnlyCollection<GatePerson> people, CancellationToken cancellation);

    /// <summary>The same as a query: the ids of a tenant's people who have it; for counting them all.</summary>
    Task<IQueryable<string>> HoldersAsync(PortalDb db, TenantId tenant, CancellationToken cancellation);

    /// <summary>What comes before the question: a code is sent, questions are drawn. Nothing for a gate that needs nothing.</summary>
    /// <param name="anew">False: what was begun in this flow and still stands is left as it is.</param>
    Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation);

    /// <summary>
    /// Judges what the person sent by the form of <see cref="Question"/>, whose fields the gate alone knows. Before it compares anything it asks
    /// <see cref="Throttle.Failures.FailureStore"/>; the same answer twice in a row it compares once.
    /// </summary>
    Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation);
}

internal static class GateLookup
{
    public static IGate Of(this IEnumerable<IGate> gates, GateMethod method) => gates.Single(g => g.Method == method);
}
