using System.Net;
using Microsoft.AspNetCore.Builder;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Layout;

public sealed class HeadersTests
{
    [Theory]
    [Trait("Case", "H98")]
    [InlineData("/reset", HttpStatusCode.OK)]
    [InlineData("/sign-in", HttpStatusCode.OK)]
    [InlineData("/", HttpStatusCode.Redirect)]
    [InlineData("/reset/verify", HttpStatusCode.Redirect)]
    [InlineData("/no-such-page", HttpStatusCode.NotFound)]
    [InlineData("/captcha/challenge", HttpStatusCode.OK)]
    [InlineData("/_blazor", HttpStatusCode.Unauthorized)]
    [InlineData("/_Blazor/negotiate", HttpStatusCode.Unauthorized)]
    [InlineData("/broken", HttpStatusCode.InternalServerError)]
    public async Task Every_answer_carries_the_headers(string path, HttpStatusCode status)
    {
        await using var portal = await ResetPortal.StartAsync(app =>
            app.MapGet("/broken", static string () => throw new InvalidOperationException("canary-of-a-fault"))
        );
        using var person = portal.NewPerson();

        var answer = await person.GetAsync(path);

        Assert.Equal(status, answer.Status);
        AssertHeaders(answer);
        Assert.Equal("no-store", answer.Headers["Cache-Control"]);
        Assert.DoesNotContain("canary-of-a-fault", answer.Html, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H98")]
    public async Task Every_cookie_is_bound_to_this_host()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", "anna@cookies.example");
        using var person = portal.NewPerson();

        var page = await person.GetAsync("/reset");
        var begun = await person.BeginAsync("anna@corp.test");

        foreach (var cookie in new[] { page.Headers["Set-Cookie"], begun.Headers["Set-Cookie"] })
        {
            Assert.StartsWith("__Host-", cookie, StringComparison.Ordinal);
            Assert.Contains("path=/; secure; samesite=strict; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    [Trait("Case", "H99")]
    public async Task What_the_address_fills_in_is_inert()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        var page = await person.GetAsync("/reset?username=%22%3E%3Cscript%3Ealert(1)%3C/script%3E");

        Assert.DoesNotContain("<script>alert", page.Html, StringComparison.Ordinal);
        Assert.Contains("&gt;&lt;script&gt;", page.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stranger_without_a_flow_is_sent_to_its_beginning()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var person = portal.NewPerson();

        foreach (var path in new[] { ResetPaths.Verify, ResetPaths.Password, ResetPaths.Result })
        {
            Assert.Equal(ResetPaths.Begin, (await person.GetAsync(path)).Location);
        }
    }

    internal static void AssertHeaders(Answer answer)
    {
        Assert.Equal("max-age=31536000", answer.Headers["Strict-Transport-Security"]);
        Assert.Contains("default-src 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", answer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", answer.Headers["Referrer-Policy"]);
        Assert.DoesNotContain("Server", answer.Headers.Keys);
        Assert.DoesNotContain("X-Frame-Options", answer.Headers.Keys);
    }
}
