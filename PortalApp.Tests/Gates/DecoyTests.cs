using Microsoft.EntityFrameworkCore;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Throttle;

namespace PortalApp.Tests.Gates;

public class DecoyTests
{
    [Fact, Trait("Case", "H7")]
    public async Task A_decoy_answers_every_step_as_a_real_account_does()
    {
        await using var portal = await GatePortal.StartAsync();
        await using var other = await GatePortal.StartAsync();
        var real = await WalkAsync(portal, GateSteps.Anna(portal));
        var decoy = await WalkAsync(other, GateSteps.Decoy(other));

        Assert.Equal(real, decoy);
    }

    [Fact, Trait("Case", "H7")]
    public async Task A_decoy_leaves_the_same_rows_and_its_mail_is_never_delivered()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.SendAsync(GateSteps.Anna(portal));
        await portal.SendAsync(GateSteps.Decoy(portal));

        var rows = await portal.WithDbAsync(db => db.Set<OneTimeCode>().OrderBy(c => c.Id).ToListAsync());
        Assert.Equal(2, rows.Count);
        Assert.Equal(rows[0].ExpiresAt, rows[1].ExpiresAt);
        Assert.Equal(rows[0].AddressMac.Length, rows[1].AddressMac.Length);
        Assert.Equal(rows[0].CodeMac.Length, rows[1].CodeMac.Length);
        Assert.Equal([true, false], (await portal.MailsAsync()).Select(m => m.Row.Deliver));
        Assert.DoesNotContain("gmail", (await portal.MailsAsync())[1].Text, StringComparison.Ordinal);
    }

    [Fact, Trait("Case", "H7")]
    public async Task A_decoy_never_passes_even_with_its_own_code()
    {
        await using var portal = await GatePortal.StartAsync();
        var decoy = GateSteps.Decoy(portal);
        var code = await portal.SendAsync(decoy);

        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(decoy, code));
        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(decoy, code));
    }

    /// <summary>What a stranger sees, step by step, until no other code is sent.</summary>
    private static async Task<List<object?>> WalkAsync(GatePortal portal, GateSubject subject)
    {
        List<object?> seen = [await portal.StateAsync(subject), await portal.AnswerAsync(subject, "12345678")];
        for (var code = 0; code <= Limits.Standard.CodesOfFlow.Most; code++)
        {
            seen.Add(await portal.BeginAsync(subject));
            portal.Clock.Advance(Limits.Standard.CodeWait);
            seen.Add(await portal.BeginAsync(subject));
            seen.Add(await portal.StateAsync(subject));
        }

        for (var guess = 0; guess < 7; guess++)
        {
            seen.Add(await portal.AnswerAsync(subject, guess == 2 ? "1234" : $"0000000{guess}"));
        }

        seen.Add(await portal.StateAsync(subject));
        return seen;
    }
}
