using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;
using PortalApp.PasswordReset.Flows;

namespace PortalApp.Tests.PasswordReset;

/// <summary>People whom the portal reaches by phone.</summary>
public partial class PhoneGateTests
{
    private const string Anna = "anna@corp.test";
    private const string Nobody = "nobody@corp.test";
    private const string Mobile = "+31 612345678";
    private const string Office = "+31 201234567x12";
    private const string Called = "+31 201234567";

    [Fact]
    public async Task A_code_by_text_leads_to_the_new_password()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@home.example", mobile: Mobile);
        using var anna = portal.NewPerson();

        Assert.Equal(ResetPaths.Method, (await anna.BeginAsync(Anna)).Location);
        Assert.Contains("Text my mobile phone, •••78", (await anna.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        Assert.Equal(ResetPaths.Verify, (await anna.ChooseAsync(GateMethod.MobilePhoneText)).Location);
        var page = await anna.GetAsync(ResetPaths.Verify);
        Assert.Contains("We sent you a text</h1>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("12345678", page.Html, StringComparison.Ordinal);

        Assert.Equal(
            ResetPaths.Password,
            (await anna.TypeCodeAsync(await portal.CodeToAsync(Mobile), GateMethod.MobilePhoneText)).Location
        );
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        Assert.Contains("Choose a new password", (await anna.GetAsync(ResetPaths.Password)).Html, StringComparison.Ordinal);
        Assert.Equal("sms", Assert.Single(await portal.MailsToAsync(Mobile)).Channel);
    }

    [Theory]
    [InlineData(GateMethod.MobilePhoneCall, Mobile, "Call my mobile phone, •••78")]
    [InlineData(GateMethod.OfficePhoneCall, Called, "Call my office phone, •••67")]
    internal async Task A_code_by_call_leads_to_the_new_password(GateMethod method, string number, string offer)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", null, mobile: Mobile, office: Office);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        Assert.Contains(offer, (await anna.GetAsync(ResetPaths.Method)).Text, StringComparison.Ordinal);
        await anna.ChooseAsync(method);
        Assert.Contains("We are calling you</h1>", (await anna.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);

        Assert.Equal(ResetPaths.Password, (await anna.TypeCodeAsync(await portal.CodeToAsync(number), method)).Location);
        Assert.Equal("call", Assert.Single(await portal.MailsToAsync(number)).Channel);
    }

    [Fact]
    public async Task Two_gates_take_the_mobile_phone_once_by_text_or_call_and_the_office_phone_beside_it()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        await portal.AddUserAsync("bram", null, mobile: Mobile, office: Office);
        await portal.RequireGatesAsync(2);
        using var person = portal.NewPerson();
        Assert.Contains("SSPR_0014", (await person.BeginAsync(Anna)).Text, StringComparison.Ordinal);

        await person.BeginAsync("bram@corp.test");
        await person.ChooseAsync(GateMethod.MobilePhoneText);
        await person.TypeCodeAsync(await portal.CodeToAsync(Mobile), GateMethod.MobilePhoneText);

        Assert.Equal(ResetPaths.Verify, (await person.ChooseAsync(GateMethod.MobilePhoneCall)).Location);
        Assert.Single(await portal.MailsToAsync(Mobile));
        Assert.Equal(
            ResetPaths.Password,
            (await person.TypeCodeAsync(await portal.CodeToAsync(Called), GateMethod.OfficePhoneCall)).Location
        );
    }

    [Fact]
    public async Task No_text_goes_without_a_press_and_reload_and_back_send_none()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@home.example", mobile: Mobile);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.GetAsync(ResetPaths.Method);
        Assert.Empty(await portal.MailsToAsync(Mobile));

        await anna.ChooseAsync(GateMethod.MobilePhoneText);
        for (var again = 0; again < 5; again++)
        {
            await anna.GetAsync(ResetPaths.Verify);
            await anna.GetAsync(ResetPaths.Verify + "?again=1");
            await anna.GetAsync(ResetPaths.Method);
            await anna.ChooseAsync(GateMethod.MobilePhoneText);
        }

        Assert.Single(await portal.MailsToAsync(Mobile));
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H7")]
    public async Task A_name_without_an_account_is_texted_and_called_like_one_that_has_and_nothing_leaves()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", null, mobile: Mobile, office: Office);
        using var known = portal.NewPerson();
        using var unknown = portal.NewPerson();

        var real = await WalkAsync(known, Anna);
        var decoy = await WalkAsync(unknown, Nobody);

        Assert.Equal(real, decoy.Select(page => page.Replace("nobody", "anna", StringComparison.Ordinal)));
        var rows = await portal.WithDbAsync(db => db.Set<OutgoingMessage>().OrderBy(m => m.Id).ToListAsync());
        Assert.Equal([.. rows.Where(m => m.Deliver).Select(m => m.Channel)], rows.Where(m => !m.Deliver).Select(m => m.Channel));
        Assert.Equal(6, await portal.WithDbAsync(db => db.Set<OneTimeCode>().CountAsync()));
        Assert.Equal((2, 1), ((await portal.MailsToAsync(Mobile)).Count, (await portal.MailsToAsync(Called)).Count));
    }

    [Fact]
    [Trait("Case", "H4")]
    public async Task Names_without_an_account_show_methods_and_masks_in_the_tenants_own_proportions()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", null, mobile: Mobile);
        await portal.AddUserAsync("bram", null, office: Office);
        HashSet<string> masks = [];
        for (var name = 0; name < 40 && masks.Count < 3; name++)
        {
            using var person = portal.NewPerson();
            var begun = await person.BeginAsync($"nobody{name}@corp.test");
            var page = await person.GetAsync(begun.Location!);
            masks.Add(Shown(page));
        }

        Assert.Equal(["•••67 called", "•••78 texted or called"], masks.Order());

        static string Shown(Answer page) =>
            page.Text.Contains("•••67", StringComparison.Ordinal) ? "•••67 called"
            : page.Text.Contains("Text my mobile phone, •••78", StringComparison.Ordinal) ? "•••78 texted or called"
            : page.Text;
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H3")]
    public async Task A_name_without_an_account_is_texted_and_called_at_one_number_like_everybody()
    {
        await using var portal = await ResetPortal.StartAsync();
        for (var n = 0; n < 5; n++)
        {
            await portal.AddUserAsync($"user{n}", null, mobile: $"+31 6123456{11 * (n + 1)}");
        }

        // Who has a landline there is called alone.
        await portal.AddUserAsync("bram", null, mobile: Called);
        HashSet<string> shown = [];
        for (var name = 0; name < 30; name++)
        {
            using var person = portal.NewPerson();
            var page = await person.GetAsync((await person.BeginAsync($"nobody{name}@corp.test")).Location!);
            var masks = Mask().Matches(page.Text).Select(m => m.Value).ToArray();
            Assert.Single(masks.Distinct());
            shown.Add(masks[0]);
        }

        Assert.True(shown.Count > 2, string.Join(' ', shown));
    }

    [GeneratedRegex(@"•••\d\d")]
    private static partial Regex Mask();

    /// <summary>Each page on the way through every method, a wrong code at each.</summary>
    private static async Task<List<string>> WalkAsync(Person person, string name)
    {
        List<string> seen = [(await person.BeginAsync(name)).Location!, (await person.GetAsync(ResetPaths.Method)).Comparable];
        foreach (var method in new[] { GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall, GateMethod.OfficePhoneCall })
        {
            seen.Add((await person.ChooseAsync(method)).Location!);
            seen.Add((await person.GetAsync(ResetPaths.Verify)).Comparable);
            seen.Add((await person.TypeCodeAsync("abc", method)).Comparable);
            seen.Add((await person.PostAsync(ResetPaths.Verify, ResetForms.BeginGate(method))).Comparable);
        }

        return seen;
    }
}
