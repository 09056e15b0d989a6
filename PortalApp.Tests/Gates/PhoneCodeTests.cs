using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;

namespace PortalApp.Tests.Gates;

public class PhoneCodeTests
{
    private const string Mobile = "+31 612345678";
    private const string Office = "+31 201234567";

    [Theory]
    [InlineData(GateMethod.MobilePhoneText, MessageChannel.Sms, Mobile)]
    [InlineData(GateMethod.MobilePhoneCall, MessageChannel.Call, Mobile)]
    [InlineData(GateMethod.OfficePhoneCall, MessageChannel.Call, Office)]
    internal async Task The_code_that_a_phone_got_passes_once(GateMethod method, MessageChannel channel, string number)
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = method;
        var anna = GateSteps.Anna(portal);
        var code = await portal.SendAsync(anna);

        var message = Assert.Single(await portal.MailsAsync());
        Assert.Equal((channel, true), (message.Row.Channel, message.Row.Deliver));
        Assert.StartsWith($"{number}\n\n", message.Text, StringComparison.Ordinal);
        Assert.Contains("Contoso", message.Text, StringComparison.Ordinal);
        Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(anna, GateSteps.Wrong(code)));
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, code));
        Assert.Equal(new GateAnswer.Refused(new CodeRefusal.NoCode()), await portal.AnswerAsync(anna, code));
    }

    [Fact, Trait("Case", "H41")]
    public async Task A_code_of_one_way_is_none_of_another_though_both_go_to_one_phone()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        portal.Method = GateMethod.MobilePhoneText;
        var text = await portal.SendAsync(anna);
        foreach (var other in new[] { GateMethod.AlternateEmail, GateMethod.MobilePhoneCall, GateMethod.OfficePhoneCall })
        {
            portal.Method = other;
            Assert.Equal(new GateAnswer.Refused(new CodeRefusal.NoCode()), await portal.AnswerAsync(anna, text));
            await portal.SendAsync(anna);
            Assert.Equal(GateSteps.Wrong(4), await portal.AnswerAsync(anna, text));
        }

        portal.Method = GateMethod.MobilePhoneText;
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(anna, text));
    }

    [Fact, Trait("Case", "H30")]
    public async Task Another_number_voids_the_code_and_the_passed_gate_and_another_extension_does_not()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.OfficePhoneCall;
        var before = GateSteps.Anna(portal);
        var code = await portal.SendAsync(before);

        Assert.Equal(new GateAnswer.Refused(new CodeRefusal.NoCode()), await portal.AnswerAsync(With(before, "+31 201234568x12"), code));
        Assert.NotEqual(await BasisAsync(portal, before), await BasisAsync(portal, With(before, "+31 201234568x12")));
        Assert.Equal(await BasisAsync(portal, before), await BasisAsync(portal, With(before, "+31 201234567x99")));
        Assert.Equal(new GateAnswer.Passed(), await portal.AnswerAsync(With(before, "+31 201234567"), code));

        static GateSubject With(GateSubject anna, string office) =>
            anna with
            {
                Person = anna.Person with { Contacts = anna.Person.Contacts! with { PhoneNumber = PhoneNumber.TryParse(office) } },
            };
    }

    [Fact]
    public async Task The_registered_phone_wins_over_the_directorys_and_the_office_phone_is_never_texted()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = GateSteps.Anna(portal);
        var registered = anna.Person.Contacts! with { AuthenticationPhone = PhoneNumber.TryParse("+31 687654321") };
        portal.Method = GateMethod.MobilePhoneText;
        await portal.SendAsync(anna with { Person = anna.Person with { Contacts = registered } });
        Assert.StartsWith("+31 687654321\n", Assert.Single(await portal.MailsAsync()).Text, StringComparison.Ordinal);

        var officeAlone = anna.Person with { Contacts = registered with { AuthenticationPhone = null, MobilePhone = null } };
        Assert.Empty(await portal.Gate.HeldByAsync([officeAlone], TestContext.Current.CancellationToken));
        portal.Method = GateMethod.OfficePhoneCall;
        Assert.Single(await portal.Gate.HeldByAsync([officeAlone], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_call_says_each_digit_three_times_in_the_persons_language()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.MobilePhoneCall;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("nl");
        var code = await portal.SendAsync(GateSteps.Anna(portal));

        var row = Assert.Single(await portal.MailsAsync());
        Assert.Equal(3, row.Text.Split(string.Join(", ", code.AsEnumerable())).Length - 1);
        Assert.Contains("Je verificatiecode is", row.Text, StringComparison.Ordinal);
        Assert.Equal("nl", GateGround.Content(portal.Services, row.Row).Language);
    }

    [Fact]
    public async Task A_text_names_the_account_and_fits_into_one()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.MobilePhoneText;
        var code = await portal.SendAsync(GateSteps.Anna(portal));

        var text = GateGround.Content(portal.Services, Assert.Single(await portal.MailsAsync()).Row).Text;
        Assert.Contains($"Contoso: {code} is your code", text, StringComparison.Ordinal);
        Assert.Contains("anna@contoso.example", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, 1, 160);
    }

    [Fact]
    public async Task What_nobody_carries_is_nobodys_method()
    {
        var contacts = GateSteps.Contacts("anna@gmail.example");
        await using var portal = await GatePortal.StartAsync(served: [MessageChannel.Email]);
        foreach (var method in new[] { GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall, GateMethod.OfficePhoneCall })
        {
            portal.Method = method;
            Assert.Empty(
                await portal.Gate.HeldByAsync([new(GateSteps.Tenant, "anna-anchor", contacts)], TestContext.Current.CancellationToken)
            );
            Assert.Empty(
                await portal.WithDbAsync(async db => await (await portal.Gate.HoldersAsync(db, GateSteps.Tenant, default)).ToListAsync())
            );
        }
    }

    [Theory]
    [InlineData("+31 612345678", "•••78")]
    [InlineData("+1 2025550100x1299", "•••00")]
    public void A_mask_shows_the_last_two_digits_and_nothing_of_the_extension(string number, string mask) =>
        Assert.Equal(mask, PhoneMask.Of(PhoneNumber.TryParse(number)!));

    private static async Task<byte[]> BasisAsync(GatePortal portal, GateSubject subject) =>
        (await portal.Gate.HeldByAsync([subject.Person], TestContext.Current.CancellationToken)).Values.Single().Basis;
}
