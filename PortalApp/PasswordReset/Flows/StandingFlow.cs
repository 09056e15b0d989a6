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
/// <param name="NextGate">The gate to be passed now; null where none is left.</param>
/// <param name="GatesPassed">With addresses that still hold.</param>
internal sealed record StandingFlow(
    Flow Row,
    Tenant Tenant,
    User? User,
    PolicyTerms Policy,
    IPasswordHome? Home,
    ResetStage Stage,
    IGate? NextGate,
    int GatesPassed
)
{
    public int GatesRequired => Policy.Gates;

    public RequestOrigin Origin => new(Row.Id, Row.Trace);

    public GateSubject Subject => SubjectOf(Row, Tenant, User);

    /// <summary>The path on which this stage is shown.</summary>
    public string Page =>
        Stage switch
        {
            ResetStage.Identify => ResetPaths.Begin,
            ResetStage.Gate => ResetPaths.Verify,
            ResetStage.Checking or ResetStage.NotReached or ResetStage.ChoosePassword => ResetPaths.Password,
            _ => ResetPaths.Result,
        };

    public static GateSubject SubjectOf(Flow row, Tenant tenant, User? user) =>
        new(
            tenant.Id,
            tenant.Name,
            tenant.HelpdeskPhone,
            row.Id,
            row.ExpiresAt,
            row.Subject,
            user is null ? null : user.ToContactData(),
            row.DecoyMask
        );
}

internal static class ResetPaths
{
    public const string Begin = "/reset";
    public const string Refused = "/reset/refused";
    public const string Verify = "/reset/verify";
    public const string Password = "/reset/password";
    public const string Result = "/reset/result";
}
