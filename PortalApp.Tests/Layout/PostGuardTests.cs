using System.Globalization;
using System.Net;
using Microsoft.EntityFrameworkCore;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Layout;

public sealed class PostGuardTests
{
    [Theory]
    [Trait("Case", "H35")]
    [InlineData("Origin", "https://evil.example")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task A_form_of_another_origin_is_refused(string header, string value)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();
        var fields = await FieldsAsync(person);

        var answer = await person.PostRawAsync(ResetPaths.Begin, fields, (header, value));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        HeadersTests.AssertHeaders(answer);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Flow>().CountAsync()));
    }

    [Fact]
    [Trait("Case", "H35")]
    public async Task A_form_without_the_pages_value_is_refused()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();
        var fields = await FieldsAsync(person);

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await person.PostRawAsync(ResetPaths.Begin, fields.Where(f => f.Name[0] != '_' || f.Name == "_handler"))).Status
        );
    }

    [Fact]
    [Trait("Case", "H28")]
    public async Task A_field_that_comes_twice_or_as_an_array_is_refused()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();
        var fields = await FieldsAsync(person);

        foreach (var extra in new[] { "username", "_handler", "username[0]", "username.x" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await person.PostRawAsync(ResetPaths.Begin, [.. fields, (extra, "x")])).Status);
        }
    }

    [Fact]
    [Trait("Case", "H19")]
    public async Task Too_much_is_refused_before_it_is_read()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();
        var fields = await FieldsAsync(person);
        var many = Enumerable.Range(0, 100).Select(i => (i.ToString(CultureInfo.InvariantCulture), ""));

        var large = await person.PostRawAsync(ResetPaths.Begin, [.. fields, ("large", new string('x', 1024 * 1024))]);
        var wide = await person.PostRawAsync(ResetPaths.Begin, [.. fields, .. many]);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.Status);
        Assert.Equal(HttpStatusCode.BadRequest, wide.Status);
        HeadersTests.AssertHeaders(large);
    }

    [Theory]
    [InlineData("same-origin")]
    [InlineData(null)]
    public async Task An_honest_form_is_let_through_also_of_a_browser_that_does_not_say_where_it_comes_from(string? site)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();
        var fields = await FieldsAsync(person);

        var answer = await person.PostRawAsync(ResetPaths.Begin, fields, [("Origin", "null"), .. Site(site)]);

        Assert.Contains("The check against robots was not finished", answer.Html, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Case", "H35")]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData(null)]
    public async Task A_form_that_hides_its_origin_needs_the_pages_value_and_no_other_site_beside_it(string? site)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();
        var fields = await FieldsAsync(person);
        var known = site is null ? fields.Where(f => f.Name != "__RequestVerificationToken") : fields;

        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await person.PostRawAsync(ResetPaths.Begin, known, [("Origin", "null"), .. Site(site)])).Status
        );
    }

    private static (string, string)[] Site(string? site) => site is null ? [] : [("Sec-Fetch-Site", site)];

    private static async Task<(string Name, string Value)[]> FieldsAsync(Person person)
    {
        await person.GetAsync(ResetPaths.Begin);
        return [("_handler", ResetForms.Begin), ("__RequestVerificationToken", person.PageToken), ("username", "anna@corp.test")];
    }
}
