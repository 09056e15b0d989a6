using System.Net;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.PasswordReset;

/// <summary>One person in several browsers at once.</summary>
public sealed class OtherFlowsTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@flow.example";

    [Fact]
    [Trait("Case", "H51")]
    public async Task With_a_password_set_all_else_that_was_begun_for_the_person_is_dead_and_nobody_elses()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        await portal.AddUserAsync("bram", "bram@else.example");
        using var bram = portal.NewPerson();
        await bram.BeginAsync("bram@corp.test");
        using var proved = portal.NewPerson();
        await portal.ReachPasswordAsync(proved, Anna, Mail);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        using var coded = portal.NewPerson();
        await coded.BeginAsync(Anna);
        var older = await portal.CodeToAsync(Mail);
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        using var anna = portal.NewPerson();
        await portal.ReachPasswordAsync(anna, Anna, Mail);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));

        Assert.Contains("has been reset", (await anna.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
        foreach (var (person, page) in new[] { (proved, ResetPaths.Password), (coded, ResetPaths.Verify) })
        {
            await Eventually.TrueAsync(
                async () => (await person.GetAsync(page)).Location == ResetPaths.Result,
                TimeSpan.FromSeconds(20),
                "the other flows to end"
            );
            Assert.Contains("This reset has ended", (await person.GetAsync(ResetPaths.Result)).Text, StringComparison.Ordinal);
        }

        await proved.FinishAsync();
        await coded.TypeCodeAsync(older);
        Assert.Equal(1, await portal.WritesAsync());
        Assert.Equal(HttpStatusCode.OK, (await bram.GetAsync(ResetPaths.Verify)).Status);
    }
}
