using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using PortalApp.Gates.Codes;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;

namespace PortalApp.Tests.Data;

/// <summary>What a stranger or a race could do against one portal, done over HTTP by fifty callers at once against two processes on one PostgreSQL.</summary>
[OnPostgreSql]
public sealed class TwoProcessesTests(TwoProcesses portals) : IClassFixture<TwoProcesses>
{
    private const int Callers = 50;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact, Trait("Case", "H11")]
    public async Task Of_fifty_wrong_codes_five_are_compared()
    {
        var (anna, user, code) = portals.Anna;
        var wrong = Enumerable
            .Range(0, Callers + 1)
            .Select(i => i.ToString("D8", CultureInfo.InvariantCulture))
            .Where(c => c != code)
            .ToList();

        var answers = await PostAsync(anna, ResetPaths.Verify, Person.CodeForm, i => [("code", wrong[i])]);

        Assert.DoesNotContain(answers, a => a.Location == ResetPaths.Password);
        Assert.Equal(
            Limits.Standard.TriesPerCode,
            await portals.Third.WithDbAsync(db => db.Set<OneTimeCode>().Where(c => c.Subject == user).Select(c => c.Tries).SingleAsync(Ct))
        );
    }

    [Fact, Trait("Case", "H37")]
    public async Task Of_fifty_uses_of_the_right_code_one_passes()
    {
        var (bert, _, code) = portals.Bert;

        var answers = await PostAsync(bert, ResetPaths.Verify, Person.CodeForm, _ => [("code", code)]);

        Assert.Single(answers, a => a.Location == ResetPaths.Password);
    }

    [Fact, Trait("Case", "H23")]
    public async Task Fifty_finals_write_once()
    {
        var answers = await PostAsync(
            portals.Carl,
            ResetPaths.Password,
            ResetForms.Finish,
            _ => [("password", Person.Password), ("confirm", Person.Password)]
        );

        Assert.All(answers, a => Assert.Equal(ResetPaths.Result, a.Location));
        Assert.Equal(1, await portals.Third.WritesAsync());
    }

    [Fact, Trait("Case", "H17")]
    public async Task Of_fifty_uses_of_one_captcha_one_passes()
    {
        using var client = portals.ClientOf(portals.One);
        var solved = await CaptchaSolver.SolveAsync(client, Ct);

        var answers = await PostAsync(
            portals.Carl,
            ResetPaths.Begin,
            ResetForms.Begin,
            _ => [("username", "somebody@nowhere.test"), ("altcha", solved)]
        );

        Assert.Single(answers, a => a.Location == ResetPaths.Refused);
        Assert.Equal(
            Callers - 1,
            answers.Count(a => a.Html.Contains("The check against robots was not finished", StringComparison.Ordinal))
        );
    }

    [Fact, Trait("Case", "H12")]
    public async Task The_Nth_is_taken_and_the_next_refused_whichever_is_asked()
    {
        using var here = portals.ClientOf(portals.One);
        using var there = portals.ClientOf(portals.Two);
        await using var one = new TestAgent(here, portals.One.Address, TimeProvider.System);
        await using var two = new TestAgent(there, portals.Two.Address, TimeProvider.System);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(i => Task.Run(() => (i % 2 == 0 ? one : two).EnrolAsync("WRONG-WRONG"), Ct))
        );

        Assert.Equal(Limits.Standard.EnrolmentsOfNetwork.Most, answers.Count(a => a == HttpStatusCode.Forbidden));
        Assert.Equal(Callers - Limits.Standard.EnrolmentsOfNetwork.Most, answers.Count(a => a == HttpStatusCode.TooManyRequests));
    }

    private async Task<Answer[]> PostAsync(Person somebody, string page, string form, Func<int, (string, string)[]> fields)
    {
        using var here = await portals.OpenAsync(portals.One, somebody, page);
        using var there = await portals.OpenAsync(portals.Two, somebody, page);
        return await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(i => Task.Run(() => (i % 2 == 0 ? here : there).SecondTab().PostAsync(page, form, fields(i)), Ct))
        );
    }
}
