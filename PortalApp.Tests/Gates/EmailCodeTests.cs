using Microsoft.Extensions.DependencyInjection;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;
using PortalApp.Throttle;

namespace PortalApp.Tests.Gates;

public class EmailCodeTests
{
    private static readonly GateAnswer NoCode = new GateAnswer.Refused(new CodeRefusal.NoCode());

    [Fact]
    public async Task The_code_in_the_mail_passes()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, code));
        var mail = Assert.Single(await portal.MailsAsync());
        Assert.True(mail.Row.Deliver);
        Assert.Contains("the password of anna@contoso.example at Contoso", mail.Text, StringComparison.Ordinal);
        Assert.Contains("+31 20 5550100", mail.Text, StringComparison.Ordinal);
        Assert.Contains("within the next 10 minutes", mail.Text, StringComparison.Ordinal);
        Assert.Contains("If it was not you", mail.Text, StringComparison.Ordinal);
    }

    [Fact, Trait("Case", "H37")]
    public async Task A_code_works_once()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, code));
        Assert.Equal(NoCode, await portal.AnswerAsync(anna, code));
    }

    [Fact, Trait("Case", "H38")]
    public async Task A_newer_code_ends_the_older()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var older = await portal.SendAsync(anna);
        var newer = await portal.SendAgainAsync(anna);

        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(anna, older));
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, newer));
    }

    [Fact, Trait("Case", "H38")]
    public async Task A_used_newer_code_does_not_bring_the_older_back()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var older = await portal.SendAsync(anna);
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, await portal.SendAgainAsync(anna)));

        Assert.Equal(NoCode, await portal.AnswerAsync(anna, older));
    }

    [Fact, Trait("Case", "H39")]
    public async Task A_code_works_until_its_last_second_and_no_longer()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var first = await portal.SendAsync(anna);
        portal.Clock.Advance(Limits.Standard.CodeLifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, first));

        var longFlow = anna with { FlowEnds = portal.Clock.GetUtcNow() + Limits.Standard.FlowLifetime };
        var second = await portal.SendAsync(longFlow);
        portal.Clock.Advance(Limits.Standard.CodeLifetime + TimeSpan.FromSeconds(1));
        Assert.Equal(NoCode, await portal.AnswerAsync(longFlow, second));
    }

    [Fact, Trait("Case", "H34")]
    public async Task A_code_never_outlives_its_flow_and_the_mail_says_so()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal) with { FlowEnds = portal.Clock.GetUtcNow() + TimeSpan.FromMinutes(3) };
        var code = await portal.SendAsync(anna);
        Assert.Contains("within the next 3 minutes", (await portal.MailsAsync())[^1].Text, StringComparison.Ordinal);
        portal.Clock.Advance(TimeSpan.FromMinutes(3));

        Assert.Equal(NoCode, await portal.AnswerAsync(anna, code));
    }

    [Fact, Trait("Case", "H25")]
    public async Task A_code_works_in_its_own_flow_alone()
    {
        await using var portal = await GatePortal.StartAsync();
        var one = GateSteps.Anna(portal, flow: 1);
        var other = GateSteps.Anna(portal, flow: 2);
        var code = await portal.SendAsync(one);

        Assert.Equal(NoCode, await portal.AnswerAsync(other, code));
        await portal.SendAsync(other);
        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(other, code));
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(one, code));
    }

    [Fact, Trait("Case", "H41")]
    public async Task A_code_of_another_person_is_refused()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);

        Assert.Equal(NoCode, await portal.AnswerAsync(anna.As("bert-anchor"), code));
        Assert.Equal(NoCode, await portal.AnswerAsync(anna with { Person = anna.Person with { Tenant = new(2) } }, code));
    }

    [Fact, Trait("Case", "H30")]
    public async Task A_changed_address_voids_the_code_and_the_passed_gate()
    {
        await using var portal = await GatePortal.StartAsync();
        var before = GateSteps.Anna(portal);
        var after = GateSteps.Anna(portal, address: "mallory@gmail.example");
        var code = await portal.SendAsync(before);

        Assert.Equal(NoCode, await portal.AnswerAsync(after, code));
        Assert.NotEqual(await BasisAsync(before), await BasisAsync(after));
        Assert.Equal(await BasisAsync(before), await BasisAsync(before with { Flow = 9 }));

        async Task<byte[]> BasisAsync(GateSubject subject) =>
            (await portal.Gate.HeldByAsync([subject.Person], TestContext.Current.CancellationToken)).Values.Single().Basis;
    }

    [Theory, Trait("Case", "H42")]
    [InlineData("{0} ")]
    [InlineData(" {1} {2} ")]
    [InlineData("{1}-{2}")]
    [InlineData("{1}\u00A0{2}")]
    [InlineData("{1}\u202F{2}\t")]
    [InlineData("{1}\u2011{2}")]
    [InlineData("\u200B{1}{2}\u2060")]
    [InlineData("\u202A{1}{2}\u202C")]
    public async Task Spaces_hyphens_and_invisible_marks_in_a_typed_code_do_not_matter(string shape)
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);
        var typed = string.Format(System.Globalization.CultureInfo.InvariantCulture, shape, code, code[..4], code[4..]);

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, typed));
    }

    [Fact]
    public async Task Full_width_digits_are_digits()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var typed = string.Concat((await portal.SendAsync(anna)).Select(c => (char)(c - '0' + '０')));

        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, typed));
    }

    [Fact, Trait("Case", "H42")]
    public async Task What_cannot_be_a_code_fails_and_costs_no_try()
    {
        await using var portal = await GatePortal.StartAsync();
        foreach (var subject in new[] { GateSteps.Anna(portal), GateSteps.Decoy(portal) })
        {
            var code = await portal.SendAsync(subject);
            var arabic = string.Concat(code.Select(c => (char)(c - '0' + '٠')));
            Assert.Equal(new GateAnswer.Refused(new CodeRefusal.Missing()), await portal.AnswerAsync(subject, " "));
            string[] unusable = [code[1..], code + "1", arabic, code + "\0", "abcdefgh", new string('1', 1_000_000)];
            foreach (var typed in unusable)
            {
                Assert.Equal(GateSteps.Wrong(5), await portal.AnswerAsync(subject, typed));
            }

            Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(subject, GateSteps.Wrong(code)));
        }
    }

    [Fact, Trait("Case", "H42")]
    public async Task The_same_wrong_code_sent_again_by_a_reload_costs_one_try_also_of_a_decoy()
    {
        await using var portal = await GatePortal.StartAsync();
        foreach (var subject in new[] { GateSteps.Anna(portal), GateSteps.Decoy(portal) })
        {
            var wrong = GateSteps.Wrong(await portal.SendAsync(subject));
            for (var again = 0; again < 10; again++)
            {
                Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(subject, wrong));
            }

            Assert.Equal(GateSteps.Wrong(3), await portal.AnswerAsync(subject, GateSteps.Wrong(wrong)));
            Assert.Equal(GateSteps.Wrong(2), await portal.AnswerAsync(subject, wrong));
        }
    }

    [Fact]
    public async Task After_five_wrong_codes_the_right_one_is_not_looked_at()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);
        for (var left = 4; left >= 0; left--)
        {
            Assert.Equal(GateSteps.Wrong(left), await portal.AnswerAsync(anna, GateSteps.Wrong(code, left)));
        }

        Assert.Equal(new GateAnswer.Refused(new CodeRefusal.TriesUsed()), await portal.AnswerAsync(anna, code));
        Assert.Equal(0, (await portal.StateAsync(anna))!.TriesLeft);
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, await portal.SendAgainAsync(anna)));
    }

    [Fact, Trait("Case", "H18")]
    public async Task Tries_survive_a_restart()
    {
        var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);
        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(anna, GateSteps.Wrong(code)));
        await using var again = await portal.RestartAsync();

        Assert.Equal(GateSteps.Wrong(3), await again.AnswerAsync(anna, GateSteps.Wrong(code, 1)));
        Assert.Equal(new GateAnswer.Passed(), await again.AnswerAsync(anna, code));
    }

    [Fact]
    public async Task Beginning_again_sends_nothing_while_a_code_works_and_another_one_once_it_does_not()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);

        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(anna, anew: false));
        Assert.Single(await portal.MailsAsync());
        for (var left = 4; left >= 0; left--)
        {
            Assert.Equal(GateSteps.Wrong(left), await portal.AnswerAsync(anna, GateSteps.Wrong(code, left)));
        }

        portal.Clock.Advance(Limits.Standard.CodeWait);
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(anna, anew: false));
        Assert.Equal(2, (await portal.MailsAsync()).Count);
    }

    [Fact, Trait("Case", "H41")]
    public async Task A_code_for_one_purpose_is_none_for_another()
    {
        await using var portal = await GatePortal.StartAsync();
        var codes = portal.Services.GetRequiredService<OneTimeCodes>();
        var address = new CodeAddress(MessageChannel.Email, "anna@gmail.example");
        var registration = new CodeUse(
            GateSteps.Tenant,
            CodePurpose.Registration,
            "1",
            GateMethod.AlternateEmail,
            "anna-anchor",
            portal.Clock.GetUtcNow() + Limits.Standard.FlowLifetime,
            GateSteps.Anna(portal).Caller
        );
        var code = "";
        await codes.IssueAsync(registration, address, Keep, TestContext.Current.CancellationToken);
        await portal.SendAsync(GateSteps.Anna(portal, flow: 1));

        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(GateSteps.Anna(portal, flow: 1), code));
        Assert.Equal(new GateAnswer.Passed(), await codes.AnswerAsync(registration, address, code, TestContext.Current.CancellationToken));

        (string?, string) Keep(string made, DateTimeOffset worksUntil)
        {
            code = made;
            return (null, made);
        }
    }

    [Fact]
    public async Task Nothing_works_before_a_code_was_sent_and_a_reload_sends_none()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        Assert.Null(await portal.StateAsync(anna));
        Assert.Equal(NoCode, await portal.AnswerAsync(anna, "12345678"));

        await portal.SendAsync(anna);
        for (var reload = 0; reload < 3; reload++)
        {
            var state = await portal.StateAsync(anna);
            Assert.Equal(new(portal.Clock.GetUtcNow() + Limits.Standard.CodeLifetime, 5), state);
        }

        Assert.Single(await portal.MailsAsync());
    }
}
