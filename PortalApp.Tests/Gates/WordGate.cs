using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Http;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Users;

namespace PortalApp.Tests.Gates;

/// <summary>
/// A gate that the portal has never heard of: two words that were agreed on. Nothing is sent, there is no address and nothing to mask; two
/// fields are answered with. What an authenticator app (nothing to begin) and security questions (several fields) ask of the contract.
/// </summary>
internal sealed class WordGate(int number, string offer) : IGate
{
    public const string First = "first";
    public const string Second = "second";

    /// <summary>By the user's id.</summary>
    public ConcurrentDictionary<string, (string First, string Second)> Agreed { get; } = new();

    /// <summary>How often it was asked who holds it.</summary>
    public int LookUps { get; private set; }

    public GateMethod Method => (GateMethod)number;

    public ProofKind Kind => ProofKind.Knowledge;

    public Type Question => typeof(WordQuestion);

    public string Offer(GateHolding holding) => offer;

    public Task<IReadOnlyDictionary<string, GateHolding>> HeldByAsync(
        IReadOnlyCollection<GatePerson> people,
        CancellationToken cancellation
    )
    {
        LookUps++;
        return Task.FromResult<IReadOnlyDictionary<string, GateHolding>>(
            people
                .Where(p => Agreed.ContainsKey(p.Subject))
                .ToDictionary(p => p.Subject, p => new GateHolding(Method, null, Basis(p.Subject)))
        );
    }

    public Task<IQueryable<string>> HoldersAsync(PortalDb db, TenantId tenant, CancellationToken cancellation)
    {
        string[] agreed = [.. Agreed.Keys];
        return Task.FromResult(db.Set<User>().Where(u => u.Tenant == tenant && agreed.Contains(u.Id)).Select(u => u.Id));
    }

    public Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation) =>
        Task.FromResult<GateBeginning>(new GateBeginning.Begun());

    public Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation)
    {
        var (first, second) = (form[First].ToString(), form[Second].ToString());
        return Task.FromResult<GateAnswer>(
            first.Length == 0 || second.Length == 0 ? new GateAnswer.Refused(new WordRefusal.Missing())
            : Agreed.TryGetValue(subject.Person.Subject, out var agreed) && agreed == (first, second) ? new GateAnswer.Passed()
            : new GateAnswer.Refused(new WordRefusal.Wrong())
        );
    }

    private byte[] Basis(string subject) => SHA256.HashData(Encoding.UTF8.GetBytes($"{subject} {Agreed[subject]}"));
}

internal abstract record WordRefusal : GateRefusal
{
    private WordRefusal() { }

    public sealed record Missing : WordRefusal;

    public sealed record Wrong : WordRefusal;
}

internal sealed class WordQuestion : ComponentBase
{
    [CascadingParameter]
    public GateAsking Asking { get; set; } = null!;

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        GateProblem? problem = Asking.Refused switch
        {
            nameof(WordRefusal.Missing) => new("A word is missing", "Type both words.", WordGate.First),
            nameof(WordRefusal.Wrong) => new("Those are not the words", "Check them and try again.", WordGate.First),
            _ => null,
        };
        builder.AddContent(
            0,
            Asking.Frame(new("Which words did we agree on?", problem, form => form.AddContent(0, Asking.Answer(Fields))))
        );
    }

    private static void Fields(RenderTreeBuilder builder) =>
        builder.AddMarkupContent(
            0,
            """
            <div class="field"><label for="first">First word</label><input id="first" name="first" type="text"></div>
            <div class="field"><label for="second">Second word</label><input id="second" name="second" type="text"></div>
            <button class="button">Next</button>
            """
        );
}
