using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.PasswordReset;
using PortalApp.PasswordReset.Flows;
using PortalApp.Throttle;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Two tabs of one browser: the one that looked first acts last.</summary>
public class FlowRaceTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@gmail.example";
    private static readonly CancellationToken Cancellation = TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H23")]
    public async Task A_final_that_looked_before_another_one_was_refused_writes_nothing()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        var looked = await LookAsync(portal, anna);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Rejected(WritebackReason.InHistory, null));

        var late = await portal.Services.GetRequiredService<FinishStep>().FinishAsync(looked, "Another haven 63", "Another haven 63");

        Assert.IsType<FinishAnswer.SeeResult>(late);
        Assert.Equal(1, await portal.WritesAsync());
    }

    [Fact]
    [Trait("Case", "H22")]
    public async Task A_code_that_looked_before_another_one_passed_moves_nothing()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.GetAsync(ResetPaths.Verify);
        var looked = await LookAsync(portal, anna);
        await anna.PostAsync(ResetPaths.Verify, Person.CodeForm, ("code", await portal.CodeToAsync(Mail)));
        portal.Clock.Advance(Limits.Standard.CodeWait);
        await portal.Services.GetServices<IGate>().Of(GateMethod.AlternateEmail).BeginAsync(looked.Subject, anew: true, Cancellation);
        var newer = await portal.CodeToAsync(Mail);

        var late = await portal.Services.GetRequiredService<GateStep>().AnswerAsync(looked, Typed(newer), Cancellation);

        Assert.IsType<StepAnswer.MovedOn>(late);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.Check)));
    }

    [Fact]
    [Trait("Case", "H24")]
    public async Task A_form_of_another_flow_of_the_same_browser_sets_nobodys_password()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await portal.AddUserAsync("bob", "bob@race.example");
        using var browser = portal.NewPerson();
        await portal.ReachPasswordAsync(browser, Anna, Mail);
        using var annasTab = browser.SecondTab();
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Contains(
            "bob@corp.test",
            (await portal.ReachPasswordAsync(browser, "bob@corp.test", "bob@race.example")).Html,
            StringComparison.Ordinal
        );
        annasTab.TakeCookiesOf(browser);

        var sent = await annasTab.FinishAsync();

        Assert.Equal(ResetPaths.Password + "?moved=1", sent.Location);
        Assert.Contains("nothing came of it", (await annasTab.GetAsync(sent.Location!)).Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WritesAsync());
    }

    private static FormCollection Typed(string code) => new(new Dictionary<string, StringValues> { [CodeGate.Field] = code });

    private static async Task<StandingFlow> LookAsync(ResetPortal portal, Person person)
    {
        var http = new DefaultHttpContext();
        http.Request.Headers.Cookie = $"{FlowCookie.Name}={person.Cookies[FlowCookie.Name]}";
        var flow = await portal.Services.GetRequiredService<FlowReader>().FindAsync(http.Request, Cancellation);
        Assert.NotNull(flow);
        return flow;
    }
}
