using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Users;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>A passkey for a virtual device (WebDriver, or Chromium's protocol), in plain base64.</summary>
/// <param name="PrivateKey">PKCS#8.</param>
internal sealed record DemoPasskey(string CredentialId, string PrivateKey, string UserHandle, string RpId);

/// <summary>Gives the demo's people what they would register, and lets them use it.</summary>
internal sealed class DemoMethods(PortalProcess portal, int tenant, CancellationToken cancellation)
{
    private static readonly GateMethod[] Owned = [GateMethod.AuthenticatorApp, GateMethod.Passkey, GateMethod.RecoveryCode];

    /// <summary>Enables for everybody what few have.</summary>
    public Task EnableAsync() =>
        portal.WithServicesAsync(
            async services =>
            {
                var policies = services.GetRequiredService<PolicyStore>();
                var held = await policies.HoldingAsync(new(tenant), cancellation);
                var terms = held.Terms with { Methods = held.Terms.Methods.Union(Owned) };
                if (
                    await policies.PublishAsync(new(tenant), terms, Actor.Portal, held.Number, cancellation)
                    is not ChangeOutcome<PolicyVersion>.Done
                )
                {
                    throw new InvalidOperationException("The demo's policy was not published.");
                }

                return held.Number + 1;
            },
            cancellation
        );

    /// <summary>An authenticator app, recovery codes and a passkey, each for resets.</summary>
    public Task<DemoAccount> GiveAsync(ForestAccount account) =>
        portal.WithServicesAsync(
            async services =>
            {
                var name = UserPrincipalName.TryParse(account.Upn)!;
                var user = (await services.GetRequiredService<UserStore>().FindByNameAsync(new(tenant), name, cancellation))!;
                var by = Actor.User(user.Id);
                var (secret, passkey) = (Totp.NewSecret(), SoftPasskey.Of(user));
                // Of the step before, so that the one of now can still be used.
                var typed = new OtpNet.Totp(secret).ComputeTotp(TimeProvider.System.GetUtcNow().UtcDateTime.AddSeconds(-30));
                await using var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(cancellation);
                await services
                    .GetRequiredService<AuthenticatorApps>()
                    .SetUpAsync(db, user, AuthenticatorUse.Reset, secret, typed, by, cancellation);
                var codes = await services
                    .GetRequiredService<RecoveryCodeLists>()
                    .MakeAsync(db, user, AuthenticatorUse.Reset, by, cancellation);
                using (passkey)
                {
                    db.Add(passkey.ToRow(user, AuthenticatorUse.Reset, TimeProvider.System.GetUtcNow()));
                    await db.SaveChangesAsync(cancellation);
                    return DemoAccount.Of(account) with
                    {
                        TotpSecret = OtpNet.Base32Encoding.ToString(secret),
                        RecoveryCodes = codes,
                        Passkey = new(
                            Convert.ToBase64String(passkey.CredentialId),
                            Convert.ToBase64String(passkey.PrivateKey),
                            Convert.ToBase64String(Encoding.UTF8.GetBytes(passkey.UserHandle)),
                            portal.Origin.Host
                        ),
                    };
                }
            },
            cancellation
        );
}
