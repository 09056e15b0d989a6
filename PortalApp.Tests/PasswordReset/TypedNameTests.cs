using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.PasswordReset.Flows;

namespace PortalApp.Tests.PasswordReset;

/// <summary>What a person types as user ID, and whom it reaches.</summary>
public sealed class TypedNameTests
{
    private const string Mail = "kate@gmail.example";

    [Theory]
    [Trait("Case", "H5")]
    [InlineData("ＫＡＴＥ＠ｃｏｒｐ．ｔｅｓｔ")]
    [InlineData("\u00A0Kate@CORP.test\u3000")]
    [InlineData("kate@corp。test")]
    public async Task What_is_not_ambiguous_reaches_the_person(string typed)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("kate", Mail);
        using var kate = portal.NewPerson();

        await kate.BeginAsync(typed);

        Assert.Single(await portal.MailsToAsync(Mail));
        Assert.Contains("username=kate%40corp.test", (await kate.GetAsync(ResetPaths.Verify)).Html, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Case", "H53")]
    [Trait("Case", "H54")]
    [InlineData("\u212Aate@corp.test", "U+212A")]
    [InlineData("ka\u200Dte@corp.test", "U+200D")]
    [InlineData("\u202Eetak@corp.test", "U+202E")]
    [InlineData("kate@corp.test\u200B", "U+200B")]
    public async Task What_no_user_ID_holds_is_said_and_begins_nothing(string typed, string sign)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("kate", Mail);
        using var stranger = portal.NewPerson();

        var page = await stranger.BeginAsync(typed);

        Assert.Contains($"cannot be part of a user ID ({sign})", page.Text, StringComparison.Ordinal);
        Assert.Contains("aria-invalid=\"true\"", page.Html, StringComparison.Ordinal);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Flow>().CountAsync()));
    }

    [Theory]
    [Trait("Case", "H53")]
    [Trait("Case", "H54")]
    [InlineData("d\u0131na@corp.test")]
    [InlineData("d\u0456na@corp.test")]
    public async Task A_look_alike_letter_reaches_nobody(string typed)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("dina", Mail);
        using var stranger = portal.NewPerson();

        await stranger.BeginAsync(typed);

        Assert.Empty(await portal.MailsToAsync(Mail));
        Assert.Null((await portal.WithDbAsync(db => db.Set<Flow>().SingleAsync())).UserId);
    }

    [Theory]
    [InlineData("x@BÜCHER.example")]
    [InlineData("x@xn--bcher-kva.example")]
    public async Task A_domain_is_its_tenants_in_both_spellings(string typed)
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddTenantAsync("Bücher AG", "bücher.example", PasswordManagement.Federated, enabled: false);
        using var person = portal.NewPerson();

        Assert.Contains("Bücher AG", (await person.BeginAsync(typed)).Text, StringComparison.Ordinal);
    }
}
