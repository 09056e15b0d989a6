using PortalApp.Gates;
using PortalApp.Passwords;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp.PasswordReset.Flows;

/// <summary>A flow as it stands at this moment.</summary>
/// <param name="User">Null for a decoy, and for a user who is gone.</param>
/// <param name="Policy">Of the version under which it began and the one of now, the stricter (H33).</param>
/// <param name="Home">Of the password; null where there is none any more.</param>
/// <param name="GatesRequired">By the policy, and of who has a role.</param>
/// <param name="GatesPassed">With what they stand on unchanged.</param>
/// <param name="Choices">What can be passed still, in the order in which it is offered.</param>
internal sealed record StandingFlow(
    Flow Row,
    Tenant Tenant,
    User? User,
    AppliedTerms Policy,
    IPasswordHome Home,
    ResetStage Stage,
    int GatesRequired,
    int GatesPassed,
    IReadOnlyList<GateHolding> Choices
)
{
    public RequestOrigin Origin => new(Row.Id, Row.Trace);

    public GateSubject Subject => SubjectOf(Row, Tenant, User);

    /// <summary>What is to be passed now; null where it is to be chosen, or nothing is left.</summary>
    public GateHolding? Asked => AskedOf(Row, Choices);

    /// <summary>There is more than one way to go on. Also where one was chosen: another may be, and nothing is lost by looking.</summary>
    public bool MayChoose => Stage is ResetStage.ChooseMethod or ResetStage.Gate && Choices.Count > 1;

    /// <summary>The account is locked, and the policy lets its owner end that and keep the password.</summary>
    public bool MayUnlock => Policy.Unlock && Stage is ResetStage.ChoosePassword { MayUnlock: true };

    /// <summary>What was asked for last is the end of the lock alone.</summary>
    public bool KeepsPassword => Row.Purpose == FlowPurpose.Unlock;

    /// <summary>The path on which this stage is shown.</summary>
    public string Page =>
        Stage switch
        {
            ResetStage.Identify => ResetPaths.Begin,
            ResetStage.ChooseMethod => ResetPaths.Method,
            ResetStage.Gate => ResetPaths.Verify,
            ResetStage.Checking or ResetStage.NotReached or ResetStage.ChoosePassword => ResetPaths.Password,
            _ => ResetPaths.Result,
        };

    /// <summary>The one that was chosen; where there is just one, nobody is asked.</summary>
    public static GateHolding? AskedOf(Flow row, IReadOnlyList<GateHolding> choices) =>
        choices is [var only] ? only : choices.FirstOrDefault(h => h.Method == row.ChosenMethod);

    public static GatePerson PersonOf(Flow row, User? user) =>
        GatePerson.Of(row.Tenant, row.Subject, user) with
        {
            DrawnQuestions = GateProfile.Parse(row.Drawn).Of(GateMethod.SecurityQuestions)?.Questions,
        };

    public static GateSubject SubjectOf(Flow row, Tenant tenant, User? user) =>
        new(
            PersonOf(row, user),
            row.UserPrincipalName,
            tenant.Name,
            tenant.HelpdeskPhone,
            row.Id,
            row.ExpiresAt,
            new(new(row.Network), row.Familiarity)
        );
}

internal static class ResetPaths
{
    public const string Begin = "/reset";
    public const string Refused = "/reset/refused";
    public const string Method = "/reset/method";
    public const string Verify = "/reset/verify";
    public const string Password = "/reset/password";
    public const string Result = "/reset/result";
}
