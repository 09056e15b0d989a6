using System.Globalization;
using PortalApp.SignIn.Providers;
using PortalApp.SignIn.SecondFactor;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.SignIn.Attempts;

/// <summary>An attempt as it stands at this moment.</summary>
/// <param name="Tenant">Null for a name in no tenant's domain.</param>
/// <param name="User">Null where there is no account, or the person is gone.</param>
/// <param name="Provider">At which the people of the name's domain sign in; null where they do not.</param>
/// <param name="Factors">Of the person, at this moment.</param>
internal sealed record StandingAttempt(Attempt Row, Tenant? Tenant, User? User, DomainProvider? Provider, FactorsHeld Factors)
{
    private bool NeedsSecondFactor => User is { Role: not Role.User };

    public AttemptStage Stage =>
        (Row.Purpose, Row.PasswordAt, User) switch
        {
            (_, null, _) or (_, _, null) when Provider is not null => AttemptStage.Provider,
            (AttemptPurpose.SignIn, null, not null) when Row.Due is not null => AttemptStage.PasswordDue,
            (AttemptPurpose.SignIn, null, _) => AttemptStage.Password,
            (AttemptPurpose.SetUp, null, _) => AttemptStage.NewPassword,
            (_, _, null) => AttemptStage.Password,
            (AttemptPurpose.SignIn, _, _) when Factors.Any => AttemptStage.SecondFactor,
            (AttemptPurpose.SignIn, _, _) when NeedsSecondFactor => AttemptStage.NoSecondFactor,
            (AttemptPurpose.SetUp, _, _) when NeedsSecondFactor => AttemptStage.NewAuthenticator,
            _ => AttemptStage.Done,
        };

    /// <summary>Of a question to a passkey.</summary>
    public string CeremonyOwner => string.Create(CultureInfo.InvariantCulture, $"attempt/{Row.Id}");

    /// <summary>The path on which this stage is shown.</summary>
    public string Page =>
        Stage switch
        {
            AttemptStage.Password => SignInPaths.Password,
            AttemptStage.PasswordDue => SignInPaths.DuePassword,
            AttemptStage.Provider => SignInPaths.Provider,
            AttemptStage.SecondFactor or AttemptStage.NoSecondFactor => SignInPaths.Verify,
            AttemptStage.NewPassword => SignInPaths.NewPassword,
            AttemptStage.NewAuthenticator => SignInPaths.Authenticator,
            _ => SignInPaths.Begin,
        };
}
