using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Gates;
using PortalApp.Gates.Answers;
using PortalApp.PasswordReset.Decoys;
using PortalApp.PasswordReset.Flows;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Gates;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Names without an account, in a tenant where people own an app, a passkey and recovery codes.</summary>
public partial class OwnedDecoyTests
{
    private static readonly GateMethod[] All = [GateMethod.Passkey, GateMethod.AuthenticatorApp, GateMethod.RecoveryCode];

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H3")]
    public async Task What_people_own_is_dealt_to_names_in_its_shares()
    {
        await using var portal = await StartAsync();
        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        const int names = 4_000;

        var drawn = Enumerable
            .Range(0, names)
            .Select(i => shares.DrawProfile(Draw(portal, Name(i))))
            .CountBy(p =>
                $"{(p.HasRole ? "role: " : "")}{string.Join(' ', p.Held.Select(h => h.IsSecondFactor ? $"{h.Method}*" : $"{h.Method}"))}"
            )
            .ToDictionary();

        Assert.Equal(
            ["AuthenticatorApp", "Passkey AuthenticatorApp RecoveryCode", "role: Passkey AuthenticatorApp* RecoveryCode"],
            drawn.Keys.Order(StringComparer.Ordinal)
        );
        Assert.InRange(drawn["AuthenticatorApp"], names * 0.46, names * 0.54);
        Assert.InRange(drawn["Passkey AuthenticatorApp RecoveryCode"], names * 0.26, names * 0.34);
        Assert.InRange(drawn["role: Passkey AuthenticatorApp* RecoveryCode"], names * 0.16, names * 0.24);
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H5")]
    [Trait("Case", "H7")]
    public async Task A_decoys_app_passkey_and_recovery_codes_read_like_real_ones_and_leave_the_same_rows()
    {
        await using var portal = await StartAsync();
        using var mallorys = await portal.AddPasskeyAsync(await portal.AddUserAsync("mallory", null));
        var (nobody, role) = (await NameWithAsync(portal, hasRole: false), await NameWithAsync(portal, hasRole: true));

        Assert.Equal(await WalkAsync(portal, "all0", mallorys), await WalkAsync(portal, nobody, mallorys));
        Assert.Equal(await WalkAsync(portal, "role0", mallorys), await WalkAsync(portal, role, mallorys));
    }

    [Fact]
    [Trait("Case", "H4")]
    public async Task A_decoy_of_a_role_is_asked_for_two_gates_later_too()
    {
        await using var portal = await StartAsync();
        var role = await NameWithAsync(portal, hasRole: true);
        using var person = portal.NewPerson();
        await person.BeginAsync($"{role}@corp.test");
        Assert.Contains("Step 2 of 5", (await person.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);

        var next = await portal.BesideAsync();
        using var later = next.NewPerson();
        later.TakeCookiesOf(person);
        Assert.Contains("Step 2 of 5", (await later.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        await next.StopAsync();
    }

    /// <summary>What is seen, step by step, without what is random and the name itself; and what was written.</summary>
    private static async Task<List<string>> WalkAsync(ResetPortal portal, string name, SoftPasskey mallorys)
    {
        using var person = portal.NewPerson();
        var before = await RowsAsync(portal);
        List<Answer> seen = [await person.BeginAsync($"{name}@corp.test"), await person.GetAsync(ResetPaths.Method)];
        foreach (var (method, typed) in new[] { (GateMethod.AuthenticatorApp, "000000"), (GateMethod.RecoveryCode, "0000-0000-0000-0000") })
        {
            seen.Add(await person.ChooseAsync(method));
            seen.Add(await person.GetAsync(ResetPaths.Verify));
            seen.AddRange(
                await person.AnswerAsync(method, typed),
                await person.AnswerAsync(method, typed),
                await person.AnswerAsync(method, "")
            );
        }

        seen.Add(await person.ChooseAsync(GateMethod.Passkey));
        seen.Add(await person.GetAsync(ResetPaths.Verify));
        seen.AddRange(await person.UsePasskeyAsync(mallorys), await person.AnswerAsync(GateMethod.Passkey, ""));
        var after = await RowsAsync(portal);
        return
        [
            .. seen.Select(a =>
                $"{a.Status} {a.Location}\n{Challenge().Replace(a.Comparable, "*").Replace(name, "*", StringComparison.Ordinal)}"
            ),
            string.Join(' ', after.Zip(before, (a, b) => a - b)),
        ];
    }

    private static Task<int[]> RowsAsync(ResetPortal portal) =>
        portal.WithDbAsync(async db =>
            new[]
            {
                await db.Set<LastAnswer>().CountAsync(),
                await db.Set<PasskeyCeremony>().CountAsync(),
                await db.Set<FailureCount>().SumAsync(f => f.Total),
            }
        );

    private static async Task<string> NameWithAsync(ResetPortal portal, bool hasRole)
    {
        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        return Enumerable
            .Range(0, 1_000)
            .Select(Name)
            .First(name => shares.DrawProfile(Draw(portal, name)) is var p && p.HasRole == hasRole && p.Methods.SequenceEqual(All));
    }

    private static string Name(int i) => $"nobody{i.ToString(CultureInfo.InvariantCulture)}";

    private static Decoy Draw(ResetPortal portal, string name) =>
        Decoy.Of(
            portal.Services.GetRequiredService<PortalKeys>().Decoy,
            portal.Tenant.Id,
            UserPrincipalName.TryParse($"{name}@corp.test")!
        );

    /// <summary>Five people have an app alone, three everything, two everything and a role, and sign in with the app.</summary>
    private static async Task<ResetPortal> StartAsync()
    {
        var portal = await ResetPortal.StartAsync();
        foreach (var (group, people) in new[] { ("app", 5), ("all", 3), ("role", 2) })
        {
            for (var i = 0; i < people; i++)
            {
                var user = await portal.AddUserAsync($"{group}{i}", null);
                await portal.SetUpAppAsync(user);
                if (group == "app")
                {
                    continue;
                }

                await portal.MakeRecoveryCodesAsync(user);
                (await portal.AddPasskeyAsync(user)).Dispose();
                if (group == "role")
                {
                    await portal.SetRoleAsync(user, Role.ReportsReader);
                    await portal.SetUpAppAsync(user, Authenticators.AuthenticatorUse.SignIn);
                }
            }
        }

        return portal;
    }

    [GeneratedRegex("(?<=\"challenge\":\")[^\"]+")]
    private static partial Regex Challenge();
}
