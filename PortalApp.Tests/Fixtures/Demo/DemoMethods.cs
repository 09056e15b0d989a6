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
using PortalApp.Gates.Questions;
using PortalApp.Layout.Languages;
using PortalApp.Policy;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>A passkey for a virtual device (WebDriver, or Chromium's protocol), in plain base64.</summary>
/// <param name="PrivateKey">PKCS#8.</param>
internal sealed record DemoPasskey(string CredentialId, string PrivateKey, string UserHandle, string RpId);

/// <summary>Gives the demo's people what they would register, and lets them use it.</summary>
internal sealed class DemoMethods(PortalProcess portal, int tenant, CancellationToken cancellation)
{
    private static readonly GateMethod[] Owned = [GateMethod.AuthenticatorApp, GateMethod.Passkey, GateMethod.RecoveryCode];

    private static readonly GateMethod[] Reached =
    [
        GateMethod.AlternateEmail,
        GateMethod.MobilePhoneText,
        GateMethod.MobilePhoneCall,
        GateMethod.OfficePhoneCall,
    ];

    private static readonly string[] Answers = ["Curlew", "Dunlin", "Godwit", "Avocet", "Lapwing"];

    /// <summary>Enables for everybody what few have, and by a policy of their own what <c>two</c> and <c>everything</c> need.</summary>
    public Task EnableAsync() =>
        portal.WithServicesAsync(
            async services =>
            {
                var policies = services.GetRequiredService<PolicyStore>();
                var held = await policies.HoldingAsync(new(tenant), cancellation);
                var terms = held.Terms with
                {
                    Methods = held.Terms.Methods.Union(Owned),
                    Help = [HelpRule.TemporaryPassword],
                    Unlock = true,
                };
                PolicyEntry[] entries =
                [
                    new(
                        "Two gates",
                        [await GroupOfAsync(services, "Payroll", ForestPopulation.Two)],
                        new(new PolicyAudience.Everyone(), 2, [.. Reached])
                    ),
                    new(
                        "Every method",
                        [await GroupOfAsync(services, "Travellers", ForestPopulation.Everything)],
                        new(new PolicyAudience.Everyone(), 1, [.. Enum.GetValues<GateMethod>()], QuestionsAlone: true)
                    ),
                ];
                return Done(
                    await policies.PublishAsync(new(tenant), new PolicyList(entries, terms), Actor.Portal, held.Number, cancellation)
                ).Number;
            },
            cancellation
        );

    /// <summary>An authenticator app, recovery codes and a passkey, each for resets, and answers to questions.</summary>
    public Task<DemoAccount> GiveAsync(ForestAccount account) =>
        portal.WithServicesAsync(
            async services =>
            {
                var user = await UserAsync(services, account);
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
                var questions = await AnswerAsync(services, db, user);
                using (passkey)
                {
                    db.Add(passkey.ToRow(user, AuthenticatorUse.Reset, TimeProvider.System.GetUtcNow()));
                    await db.SaveChangesAsync(cancellation);
                    return DemoAccount.Of(account) with
                    {
                        TotpSecret = OtpNet.Base32Encoding.ToString(secret),
                        RecoveryCodes = codes,
                        Questions = questions,
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

    /// <returns>The group's number.</returns>
    private async Task<long> GroupOfAsync(IServiceProvider services, string name, ForestAccount member)
    {
        var databases = services.GetRequiredService<IDbContextFactory<PortalDb>>();
        var groups = services.GetRequiredService<GroupStore>();
        var user = await UserAsync(services, member);
        var group = Done(
            await databases.ChangeAsync(db => groups.AddAsync(db, new(tenant), name, Actor.Portal, cancellation), cancellation)
        );
        Done(
            await databases.ChangeAsync(
                db => groups.SetMemberAsync(db, new(tenant), group.Id, user.Id, isIn: true, Actor.Portal, cancellation),
                cancellation
            )
        );
        return group.Id;
    }

    /// <returns>What is asked, in English, and what to answer.</returns>
    private async Task<IReadOnlyDictionary<string, string>> AnswerAsync(IServiceProvider services, PortalDb db, User user)
    {
        var offered = await services.GetRequiredService<QuestionStore>().OfferedAsync(new(tenant), cancellation);
        TypedAnswer[] typed = [.. offered.Zip(Answers, (question, answer) => new TypedAnswer(question.Id, answer))];
        var judged = await services.GetRequiredService<AnswerStore>().JudgeAsync(new(tenant), user.Id, typed, cancellation);
        await AnswerStore.ReplaceAsync(db, user.Id, ((AnswersJudged.Accepted)judged).Rows, cancellation);
        return typed.ToDictionary(t => offered.Single(q => q.Id == t.Question).TextIn(ShippedLanguages.Standard), t => t.Answer);
    }

    private async Task<User> UserAsync(IServiceProvider services, ForestAccount account) =>
        (
            await services
                .GetRequiredService<UserStore>()
                .FindByNameAsync(new(tenant), UserPrincipalName.TryParse(account.Upn)!, cancellation)
        )!;

    private static T Done<T>(ChangeOutcome<T> outcome)
        where T : class =>
        outcome is ChangeOutcome<T>.Done done ? done.Value : throw new InvalidOperationException($"The demo was not set up: {outcome}.");
}
