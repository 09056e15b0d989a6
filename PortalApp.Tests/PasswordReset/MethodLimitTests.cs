using Microsoft.Extensions.DependencyInjection;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The numbers that administrators know, each of one person from one network.</summary>
public sealed class MethodLimitTests
{
    private const string Anna = "anna@corp.test";

    /// <summary>One wrong answer each, in a flow of its own; of a passkey it is somebody else's.</summary>
    [Fact, Trait("Case", "H9"), Trait("Case", "H12"), Trait("Case", "H14")]
    public async Task Five_wrong_answers_an_hour_by_one_method_ten_by_mail_end_it_from_there_and_no_other_method()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var mallorys = await HeldProofs.OfNewAsync(portal, "mallory", 99);
        foreach (var method in Enum.GetValues<GateMethod>().Where(m => m != GateMethod.MobilePhoneCall))
        {
            using var proofs = await HeldProofs.OfNewAsync(portal, $"user{(int)method}", 30 + (int)method);
            using var person = portal.NewPerson();
            var compared = 0;
            while (compared < 20 && await IsComparedAsync(portal, person, mallorys, method, compared))
            {
                compared++;
            }

            Assert.Equal((method, method == GateMethod.AlternateEmail ? 10 : 5), (method, compared));
            var other = method == GateMethod.RecoveryCode ? GateMethod.AuthenticatorApp : GateMethod.RecoveryCode;
            await AtAsync(person, $"user{(int)method}", other);
            var passed = await SendAsync(person, other, (await proofs.RightAsync(person, other, null))!);
            Assert.True(passed.Location == ResetPaths.Password, $"{method}: {passed.Location}");
        }
    }

    [Fact, Trait("Case", "H12")]
    public async Task A_person_proves_everything_twenty_times_an_hour_and_the_next_time_is_after_it()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var person = portal.NewPerson();
        await portal.ReachPasswordAsync(person, Anna, "anna@gmail.example");
        for (var before = 1; before < 20; before++)
        {
            await portal
                .Services.GetRequiredService<ThrottleStore>()
                .TakeAsync(Limits.Standard.SuccessesOfPerson, $"{anna.Tenant}/{anna.Id}", TestContext.Current.CancellationToken);
        }

        Assert.Contains("This account is limited at the moment", (await person.BeginAsync(Anna)).Text, StringComparison.Ordinal);
        portal.Clock.Skip(TimeSpan.FromHours(1));
        portal.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(ResetPaths.Verify, (await person.BeginAsync(Anna)).Location);
    }

    private static async Task AtAsync(Person person, string name, GateMethod method)
    {
        await person.BeginAsync($"{name}@corp.test");
        await person.ChooseAsync(method);
        await person.GetAsync(ResetPaths.Verify);
    }

    private static async Task<Answer> SendAsync(Person person, GateMethod method, (string, string)[] fields)
    {
        await person.GetAsync(ResetPaths.Verify);
        return await person.PostAsync(ResetPaths.Verify, ResetForms.Answer(method), fields);
    }

    /// <summary>Whether somebody else's proof, or a guess, was looked at.</summary>
    private static async Task<bool> IsComparedAsync(ResetPortal portal, Person person, HeldProofs mallorys, GateMethod method, int guess)
    {
        portal.Clock.Advance(TimeSpan.FromSeconds(3));
        await AtAsync(person, $"user{(int)method}", method);
        var page = await person.GetAsync(ResetPaths.Verify);
        var fields =
            method == GateMethod.Passkey
                ? await mallorys.RightAsync(person, method, null) ?? []
                :
                [
                    (
                        "code",
                        method == GateMethod.RecoveryCode ? $"0000-0000-0000-{guess:D4}"
                        : method == GateMethod.AuthenticatorApp ? $"00{guess:D4}"
                        : $"{guess:D8}"
                    ),
                    ("draw", System.Text.RegularExpressions.Regex.Match(page.Html, "name=\"draw\" value=\"(\\d+)").Groups[1].Value),
                    .. Enumerable.Range(0, 3).Select(at => ($"answer-{at}", $"wrong {guess}")),
                ];
        var before = await FailuresAsync(portal);
        await SendAsync(person, method, fields);
        return await FailuresAsync(portal) > before;
    }

    private static Task<int> FailuresAsync(ResetPortal portal) =>
        portal.WithDbAsync(db =>
            Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.SumAsync(
                db.Set<PortalApp.Throttle.Failures.FailureCount>(),
                f => f.Total
            )
        );
}
