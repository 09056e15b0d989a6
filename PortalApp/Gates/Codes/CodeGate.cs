using System.Globalization;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Users;

namespace PortalApp.Gates.Codes;

/// <summary>A gate that sends a code to an address of the person. One for each way of delivery says where it goes, what is shown and what is written.</summary>
internal abstract class CodeGate(OneTimeCodes codes) : IGate
{
    /// <summary>The form's one field.</summary>
    public const string Field = "code";

    public abstract GateMethod Method { get; }

    public ProofKind Kind => ProofKind.IssuedCode;

    public Type Question => typeof(CodeQuestion);

    public abstract string Offer(GateHolding holding);

    public abstract CodeWords Words { get; }

    protected abstract MessageChannel Channel { get; }

    /// <summary>The address and what a page may show of it; null for who has none.</summary>
    protected abstract (string Address, string Mask)? Find(ContactData contacts);

    /// <summary>Of the contact data, those in which <see cref="Find"/> looks, in its order.</summary>
    protected abstract IReadOnlyList<ContactField> Fields { get; }

    protected abstract (string? Subject, string Text) Message(GateSubject subject, string code, DateTimeOffset worksUntil);

    public virtual Task<IReadOnlyDictionary<string, GateHolding>> HeldByAsync(
        IReadOnlyCollection<GatePerson> people,
        CancellationToken cancellation
    )
    {
        var held = new Dictionary<string, GateHolding>();
        foreach (var person in people)
        {
            if (person.Contacts is { } contacts && Find(contacts) is { } found)
            {
                var basis = codes.AddressMac(person.Tenant, person.Subject, Method, new(Channel, found.Address));
                held.Add(person.Subject, new(Method, found.Mask, basis));
            }
        }

        return Task.FromResult<IReadOnlyDictionary<string, GateHolding>>(held);
    }

    public virtual Task<IQueryable<string>> HoldersAsync(PortalDb db, TenantId tenant, CancellationToken cancellation) =>
        Task.FromResult(Values(db, tenant).Select(c => c.UserId));

    protected IQueryable<ContactValue> Values(PortalDb db, TenantId tenant) =>
        db.Set<ContactValue>().Where(c => c.Tenant == tenant && Fields.Contains(c.Field));

    public async Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation) =>
        !anew && await StateAsync(subject, cancellation) is { TriesLeft: > 0 }
            ? new GateBeginning.Begun()
            : await codes.IssueAsync(
                Use(subject),
                Address(subject.Person),
                (code, worksUntil) => Message(subject, code, worksUntil),
                cancellation
            );

    /// <summary>Of the code that works in this flow; sends and changes nothing.</summary>
    public Task<CodeState?> StateAsync(GateSubject subject, CancellationToken cancellation) =>
        codes.StateAsync(Use(subject), Address(subject.Person), cancellation);

    /// <summary>The same, and whether another one can be asked for.</summary>
    public Task<CodeStanding> StandingAsync(GateSubject subject, CancellationToken cancellation) =>
        codes.StandingAsync(Use(subject), Address(subject.Person), cancellation);

    public async Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation)
    {
        var typed = form[Field].ToString();
        return string.IsNullOrWhiteSpace(typed)
            ? new GateAnswer.Refused(new CodeRefusal.Missing())
            : await codes.AnswerAsync(Use(subject), Address(subject.Person), typed, cancellation);
    }

    private CodeAddress Address(GatePerson person) =>
        person.Contacts is not { } contacts ? CodeAddress.OfDecoy(Channel, person.Subject)
        : Find(contacts) is { } found ? new(Channel, found.Address)
        : throw new InvalidOperationException("A gate was asked that the person does not have.");

    private CodeUse Use(GateSubject subject) =>
        new(
            subject.Person.Tenant,
            subject.Purpose,
            subject.Flow.ToString(CultureInfo.InvariantCulture),
            Method,
            subject.Person.Subject,
            subject.FlowEnds,
            subject.Caller
        );
}
