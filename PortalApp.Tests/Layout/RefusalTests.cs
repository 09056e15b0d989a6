using System.Net;
using Microsoft.AspNetCore.Builder;
using Portal.Agents;
using Portal.Relay;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Layout;

/// <summary>Each refusal is told to who asked, in the form that they read, and in the log by its number.</summary>
public sealed class RefusalTests
{
    private const string Anna = "anna@corp.test";
    private const string Mail = "anna@refused.example";

    [Theory]
    [Trait("Case", "H100")]
    [InlineData("GET", "/no-such-page", HttpStatusCode.NotFound, 4703)]
    [InlineData("GET", "/broken", HttpStatusCode.InternalServerError, null)]
    [InlineData("GET", "/unreadable", HttpStatusCode.RequestEntityTooLarge, 4701)]
    [InlineData("GET", "/_blazor", HttpStatusCode.Unauthorized, 4701)]
    [InlineData("TRACE", "/reset", HttpStatusCode.MethodNotAllowed, 4701)]
    [InlineData("POST", "/reset", HttpStatusCode.BadRequest, 4701)]
    [InlineData("POST", AgentApi.Hello, HttpStatusCode.Unauthorized, 4702)]
    [InlineData("POST", AgentApi.Sync, HttpStatusCode.Unauthorized, 4702)]
    [InlineData("POST", AgentApi.Enrol, HttpStatusCode.Unauthorized, 4702)]
    [InlineData("PUT", "/reset", HttpStatusCode.MethodNotAllowed, 4701)]
    [InlineData("PUT", AgentApi.Claim, HttpStatusCode.MethodNotAllowed, 4701)]
    [InlineData("GET", RelayLimits.Path, HttpStatusCode.BadRequest, 4702)]
    public async Task A_program_reads_problem_details(string method, string path, HttpStatusCode status, int? number)
    {
        await using var portal = await ResetPortal.StartAsync(app =>
        {
            app.MapGet("/broken", static string () => throw new InvalidOperationException("canary-of-a-fault"));
            app.MapGet("/unreadable", static string () => throw new Microsoft.AspNetCore.Http.BadHttpRequestException("canary", 413));
        });
        using var client = portal.NewClient();

        using var answer = await client.SendAsync(new HttpRequestMessage(new(method), path), TestContext.Current.CancellationToken);

        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"\"status\":{(int)status}", text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        if (number is { } line)
        {
            Assert.Single(portal.Log.Of(line));
        }
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Head_is_answered_as_get_is_but_for_the_body(string version)
    {
        await using var portal = await ResetPortal.StartAsync();
        using var client = portal.NewClient();

        foreach (
            var (path, status) in new[] { ("/reset", 200), ("/sign-in", 200), ("/captcha/challenge", 200), ("/nope", 404), ("/", 302) }
        )
        {
            using var request = new HttpRequestMessage(HttpMethod.Head, path)
            {
                Version = new(version),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);

            Assert.Equal(status, (int)answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("evil.example", 404)]
    public async Task The_outbox_is_open_to_this_machines_own_names_alone(string host, int status)
    {
        await using var portal = await ResetPortal.StartAsync();

        // HttpClient would ask for the certificate of that name.
        var answer = await Command.RequireAsync(
            "curl",
            [
                "--silent",
                "--cacert",
                portal.AuthorityFile,
                "--header",
                $"Host: {host}",
                "--output",
                "/dev/null",
                "--write-out",
                "%{http_code}",
                new Uri(portal.Address, "/outbox/feed").AbsoluteUri,
            ],
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal($"{status}", answer.Output);
    }

    [Fact]
    public async Task What_a_form_refuses_stands_in_the_log_by_its_number_and_without_what_was_typed()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        using var anna = portal.NewPerson();

        await anna.BeginAsync("canary of a name");
        await anna.BeginAsync(Anna);
        await anna.TypeCodeAsync("canary1");
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        await portal.AnswerAsync(RequestKind.Check, new WritebackResult.Settable(ResetPortal.Rules));
        await anna.GetAsync(ResetPaths.Password);
        await anna.FinishAsync("canary2");
        await anna.FinishAsync(Person.Password, "canary3");
        await anna.PostAsync(ResetPaths.Password, Person.CodeForm, ("code", "canary4"));

        Assert.Single(portal.Log.Of(4608));
        Assert.Single(portal.Log.Of(4609));
        Assert.Equal(2, portal.Log.Of(4611).Count);
        Assert.Single(portal.Log.Of(4613));
        Assert.DoesNotContain("canary", portal.Log.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_survives_a_reload_and_sends_no_form_again()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var anna = portal.NewPerson();

        var first = await anna.BeginAsync("anna@nobodys.example");
        var again = await anna.GetAsync(ResetPaths.Refused);

        Assert.Contains("SSPR_0009", first.Html, StringComparison.Ordinal);
        Assert.Equal(first.Html, again.Html);
        Assert.Single(portal.Log.Of(4601));
    }

    [Fact]
    public async Task The_page_of_a_refusal_tells_nothing_that_was_not_refused_here()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var stranger = portal.NewPerson();
        using var forger = portal.NewPerson();
        forger.SetCookie("__Host-refused", "forged");
        using var late = portal.NewPerson();
        await late.BeginAsync("anna@nobodys.example");
        portal.Clock.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(ResetPaths.Begin, (await stranger.GetAsync(ResetPaths.Refused)).Location);
        Assert.Equal(ResetPaths.Begin, (await forger.GetAsync(ResetPaths.Refused)).Location);
        Assert.Equal(ResetPaths.Begin, (await late.GetAsync(ResetPaths.Refused)).Location);
    }

    [Fact]
    public async Task Who_has_asked_ten_times_about_an_account_reads_that_it_is_enough()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Mail);
        using var anna = portal.NewPerson();
        await anna.BeginAsync(Anna);
        await anna.TypeCodeAsync(await portal.CodeToAsync(Mail));
        var silent = new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null);
        for (var i = 0; i < 10; i++)
        {
            await portal.AnswerAsync(RequestKind.Check, silent);
            await anna.GetAsync(ResetPaths.Password);
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            Assert.Equal(ResetPaths.Password, (await anna.PostAsync(ResetPaths.Password, ResetForms.CheckAgain)).Location);
        }

        await portal.AnswerAsync(RequestKind.Check, silent);
        await anna.GetAsync(ResetPaths.Password);
        var enough = await anna.PostAsync(ResetPaths.Password, ResetForms.CheckAgain);

        Assert.Contains("We have asked often enough for now", enough.Html, StringComparison.Ordinal);
        Assert.Contains("SSPR_0030", enough.Html, StringComparison.Ordinal);
        Assert.Single(portal.Log.Of(4612));
    }
}
