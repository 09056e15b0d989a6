using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Users;

namespace PortalApp.Tests.Gates;

/// <summary>Gives people what they own, and answers with it.</summary>
internal static partial class OwnedSteps
{
    /// <returns>The secret; the code of this moment is still to be used.</returns>
    public static async Task<byte[]> SetUpAppAsync(this ResetPortal portal, User user, AuthenticatorUse use = AuthenticatorUse.Reset)
    {
        var secret = Totp.NewSecret();
        var apps = portal.Services.GetRequiredService<AuthenticatorApps>();
        var done = await portal.WithDbAsync(db =>
            apps.SetUpAsync(db, user, use, secret, portal.AppCode(secret, steps: -1), Actor.User(user.Id), default)
        );
        Assert.IsType<AppAnswer.Done>(done);
        return secret;
    }

    /// <summary>As the app shows it, some steps from now.</summary>
    public static string AppCode(this ResetPortal portal, byte[] secret, int steps = 0) =>
        new OtpNet.Totp(secret).ComputeTotp(portal.Clock.GetUtcNow().UtcDateTime.AddSeconds(30 * steps));

    public static Task<IReadOnlyList<string>> MakeRecoveryCodesAsync(
        this ResetPortal portal,
        User user,
        AuthenticatorUse use = AuthenticatorUse.Reset
    ) =>
        portal.WithDbAsync(db =>
            portal.Services.GetRequiredService<RecoveryCodeLists>().MakeAsync(db, user, use, Actor.User(user.Id), default)
        );

    public static Task<SoftPasskey> AddPasskeyAsync(this ResetPortal portal, User user, AuthenticatorUse use = AuthenticatorUse.Reset) =>
        portal.AddPasskeyAsync(user, SoftPasskey.Of(user, use), use);

    public static async Task<SoftPasskey> AddPasskeyAsync(
        this ResetPortal portal,
        User user,
        SoftPasskey passkey,
        AuthenticatorUse use = AuthenticatorUse.Reset
    )
    {
        await portal.WithDbAsync(db =>
        {
            db.Add(passkey.ToRow(user, use, portal.Clock.GetUtcNow()));
            return db.SaveChangesAsync();
        });
        return passkey;
    }

    /// <summary>To five questions.</summary>
    /// <param name="after">So many of those that are offered.</param>
    /// <returns>What is right for each.</returns>
    public static async Task<IReadOnlyDictionary<long, string>> RegisterAnswersAsync(this ResetPortal portal, User user, int after = 0)
    {
        var offered = await portal.Services.GetRequiredService<QuestionStore>().OfferedAsync(user.Tenant, default);
        TypedAnswer[] typed = [.. offered.Skip(after).Take(5).Select((question, at) => new TypedAnswer(question.Id, $"Answer {at}"))];
        var judged = await portal.Services.GetRequiredService<AnswerStore>().JudgeAsync(user.Tenant, user.Id, typed, default);
        await portal.WithDbAsync(async db =>
        {
            await AnswerStore.ReplaceAsync(db, user.Id, Assert.IsType<AnswersJudged.Accepted>(judged).Rows, default);
            return await db.SaveChangesAsync();
        });
        return typed.ToDictionary(t => t.Question, t => t.Answer);
    }

    public static Task<int> SetRoleAsync(this ResetPortal portal, User user, Role role) =>
        portal.WithDbAsync(db => db.Set<User>().Where(u => u.Id == user.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, role)));

    /// <summary>Sends what is typed, or what a passkey gave, by the page of the gate.</summary>
    public static async Task<Answer> AnswerAsync(this Person person, GateMethod method, string answer)
    {
        await person.GetAsync(ResetPaths.Verify);
        return await person.PostAsync(
            ResetPaths.Verify,
            ResetForms.Answer(method),
            (method == GateMethod.Passkey ? "credential" : "code", answer)
        );
    }

    /// <summary>What the page asks of a passkey.</summary>
    public static async Task<string> AskedOfPasskeyAsync(this Person person, string page = ResetPaths.Verify) =>
        Options().Match((await person.GetAsync(page)).Html) is { Success: true } found
            ? WebUtility.HtmlDecode(found.Groups["options"].Value)
            : "";

    public static async Task<Answer> UsePasskeyAsync(this Person person, SoftPasskey passkey) =>
        await person.AnswerAsync(GateMethod.Passkey, passkey.Answer(await person.AskedOfPasskeyAsync()));

    [GeneratedRegex("data-options=\"(?<options>[^\"]+)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Options();
}
