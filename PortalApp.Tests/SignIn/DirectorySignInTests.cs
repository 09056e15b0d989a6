using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.SignIn;
using PortalApp.SignIn.Attempts;
using PortalApp.SignIn.Passwords;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.SignIn;

/// <summary>Signing in with a password that lives in the organisation's directory; the test speaks for the agent that is asked.</summary>
public sealed class DirectorySignInTests : IAsyncLifetime
{
    private const string Password = "Lantern-Harbour-77";
    private static readonly WritebackResult Right = new WritebackResult.Verified(PasswordState.InForce);
    private static readonly WritebackResult Wrong = new WritebackResult.Rejected(WritebackReason.WrongCurrentPassword, null);
    private static readonly WritebackResult Nobody = new WritebackResult.NotAttempted(WritebackReason.NotFoundOnPremises, null);
    private ResetPortal portal = null!;

    public async ValueTask InitializeAsync()
    {
        portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", null);
    }

    public ValueTask DisposeAsync() => portal.DisposeAsync();

    [Fact]
    public async Task A_right_password_signs_in_and_only_who_asks_for_the_session_has_it()
    {
        using var anna = portal.NewPerson();

        Assert.Equal(SignInPaths.Account, (await TypeAsync(anna, "anna", Right)).Location);

        Assert.Contains("You are signed in as", (await anna.GetAsync(SignInPaths.Account)).Text, StringComparison.Ordinal);
        using var other = portal.NewPerson();
        Assert.Equal($"{SignInPaths.Begin}", (await other.GetAsync(SignInPaths.Account)).Location?.Split('?')[0]);
    }

    [Fact]
    [Trait("Case", "H1")]
    public async Task Every_failure_reads_alike_and_each_name_is_asked_about()
    {
        WritebackReason[] reasons =
        [
            WritebackReason.Disabled,
            WritebackReason.AccountExpired,
            WritebackReason.Protected,
            WritebackReason.NearLockOut,
            WritebackReason.RateCapped,
            WritebackReason.DirectoryMisconfigured,
            WritebackReason.LockedOut,
        ];
        var wrong = await FailAsync("anna", Wrong);

        Assert.Contains("The user ID or the password is not right", wrong, StringComparison.Ordinal);
        Assert.Equal(wrong, await FailAsync("nobody", Nobody));
        foreach (var (reason, n) in reasons.Select((reason, n) => (reason, n)))
        {
            await portal.AddUserAsync($"ben{n}", null);
            await portal.WithDbAsync(db => db.Set<ThrottleCount>().ExecuteDeleteAsync());
            Assert.Equal(wrong, await FailAsync($"ben{n}", new WritebackResult.NotAttempted(reason, "a word of the directory")));
        }

        await portal.AddUserAsync("carl", null);
        Assert.Equal(wrong, await FailAsync("carl", new WritebackResult.Rejected(WritebackReason.LockedOut, "data 775")));
        var rows = await portal.WithDbAsync(db => db.Set<Request>().AsNoTracking().Where(r => r.Kind == RequestKind.Verify).ToListAsync());
        Assert.Equal(reasons.Length + 3, rows.Count);
        Assert.Equal(rows.Count, rows.Select(r => r.Subject).Distinct().Count());
        Assert.Single(rows, r => r.Anchor is null);
        Assert.All(rows, r => Assert.Equal((SpokenAgent.Connector, false), (r.Connector, r.Open)));
    }

    [Fact]
    [Trait("Case", "H62")]
    public async Task An_empty_password_is_asked_of_no_directory_and_signs_nobody_in()
    {
        using var anna = portal.NewPerson();
        await anna.GetAsync(SignInPaths.Begin);
        await anna.PostAsync(SignInPaths.Begin, "sign-in", ("username", "anna@corp.test"), ("return", ""));
        await anna.GetAsync(SignInPaths.Password);

        var answer = await portal.PumpAsync(anna.PostAsync(SignInPaths.Password, "password", ("password", "")));

        Assert.Null(answer.Location);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.Verify)));
    }

    [Fact]
    public async Task Who_goes_away_before_the_answer_is_counted_all_the_same()
    {
        using var person = portal.NewPerson();
        await person.GetAsync(SignInPaths.Begin);
        await person.PostAsync(SignInPaths.Begin, "sign-in", ("username", "anna@corp.test"), ("return", ""));
        var row = await portal.WithDbAsync(db => db.Set<Attempt>().AsNoTracking().SingleAsync());
        var user = await portal.WithDbAsync(db => db.Set<User>().AsNoTracking().SingleAsync(u => u.Id == row.UserId));
        using var leaving = new CancellationTokenSource();
        var step = portal.Services.GetRequiredService<SignInStep>();
        var asked = Task.Run(() =>
            step.PasswordAsync(new(row, portal.Tenant, user, null, new(false, false)), Password, null, leaving.Token)
        );
        await RowAsync();

        await leaving.CancelAsync();
        await SayAsync(Wrong);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.SignInFailed)));
    }

    [Theory]
    [InlineData(PasswordState.MustChange, "your organisation wants you to choose another one")]
    [InlineData(PasswordState.Expired, "it has expired")]
    public async Task A_right_password_that_is_due_leads_to_its_change_and_to_no_session(PasswordState state, string why)
    {
        using var anna = portal.NewPerson();

        Assert.Equal(SignInPaths.DuePassword, (await TypeAsync(anna, "anna", new WritebackResult.Verified(state))).Location);

        Assert.Contains(why, (await anna.GetAsync(SignInPaths.DuePassword)).Text, StringComparison.Ordinal);
        Assert.NotNull((await anna.GetAsync(SignInPaths.Account)).Location);
        Assert.NotNull((await anna.GetAsync(SignInPaths.ChangePassword)).Location);
    }

    [Fact]
    public async Task A_failure_is_shown_a_second_after_the_post_however_soon_the_answer_comes()
    {
        foreach (var (name, result) in new[] { ("anna", Wrong), ("nobody", Nobody) })
        {
            var begun = portal.Clock.GetUtcNow();
            using var person = portal.NewPerson();
            var posted = await PostAsync(person, name);
            await SayAsync(result);
            await Eventually.TrueAsync(
                async () =>
                    await portal.WithDbAsync(db =>
                        db.Set<AuditEntry>().AnyAsync(a => a.Event == AuditEventId.SignInFailed && a.At >= begun)
                    ),
                TimeSpan.FromSeconds(20),
                "the failure to be written down"
            );
            Assert.Equal(begun, portal.Clock.GetUtcNow());

            await portal.PumpAsync(posted);

            Assert.InRange(portal.Clock.GetUtcNow() - begun, DirectoryPasswords.Floor, TimeSpan.FromSeconds(3));
        }
    }

    [Fact]
    [Trait("Case", "H14")]
    public async Task Strangers_use_up_a_share_of_what_the_directory_is_asked_and_who_is_familiar_signs_in()
    {
        using var own = portal.NewPerson();
        await TypeAsync(own, "anna", Right);
        await own.GetAsync(SignInPaths.Account);
        await own.PostAsync(SignInPaths.Account, "sign-out");
        await portal.WithDbAsync(db => db.Set<FamiliarPlace>().OrderByDescending(p => p.Id).Take(1).ExecuteDeleteAsync());
        foreach (var name in new[] { "anna", "nobody" })
        {
            for (var guess = 0; guess < Limits.Standard.DirectoryPasswords.OfStrangers.Most; guess++)
            {
                await FailAsync(name, name == "anna" ? Wrong : Nobody);
            }

            using var stranger = portal.NewPerson();
            Assert.Contains("Too many wrong answers", (await TypeAsync(stranger, name, null)).Text, StringComparison.Ordinal);
        }

        Assert.Equal(7, await portal.WithDbAsync(db => db.Set<Request>().CountAsync(r => r.Kind == RequestKind.Verify)));
        Assert.Equal(SignInPaths.Account, (await TypeAsync(own, "anna", Right)).Location);
    }

    [Fact]
    [Trait("Case", "H6")]
    public async Task Without_an_agent_every_name_reads_that_the_directory_cannot_be_reached()
    {
        portal.Agent.Health = null;

        var somebody = await FailAsync("anna", null);
        portal.Clock.Advance(TimeSpan.FromSeconds(10));
        var nobody = await FailAsync("nobody", null);

        Assert.Contains("directory cannot be reached", somebody, StringComparison.Ordinal);
        Assert.Equal(somebody, nobody);
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<Request>().CountAsync()));
    }

    [Fact]
    public async Task An_agent_that_falls_silent_reads_like_one_that_is_gone()
    {
        using var anna = portal.NewPerson();
        var posted = await PostAsync(anna, "anna");
        await RowAsync();

        var page = await portal.PumpAsync(posted);

        Assert.Contains("directory cannot be reached", page.Text, StringComparison.Ordinal);
        await Eventually.TrueAsync(
            async () =>
            {
                portal.Clock.Advance(TimeSpan.FromSeconds(1));
                return await portal.WithDbAsync(db => db.Set<Request>().AllAsync(r => r.EndedAt != null));
            },
            TimeSpan.FromSeconds(20),
            "the place to be free"
        );
    }

    [Fact]
    [Trait("Case", "H108")]
    public async Task A_password_that_was_asked_about_is_in_no_row_and_no_line()
    {
        using var anna = portal.NewPerson();
        await TypeAsync(anna, "anna", Right);
        using var again = portal.NewPerson();
        await TypeAsync(again, "anna", Wrong);

        Assert.DoesNotContain(Password, portal.Log.Text, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(portal.Database.Folder, "*", SearchOption.AllDirectories))
        {
            var held = await ReadAsync(file);
            Assert.True(held.AsSpan().IndexOf(Encoding.UTF8.GetBytes(Password)) < 0, file);
            Assert.True(held.AsSpan().IndexOf(Encoding.Unicode.GetBytes(Password)) < 0, file);
        }
    }

    /// <summary>Empty for one that SQLite keeps beside its own, and has taken away by now.</summary>
    private static async Task<byte[]> ReadAsync(string file)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var all = new MemoryStream();
            await stream.CopyToAsync(all);
            return all.ToArray();
        }
        catch (FileNotFoundException)
            when (file.EndsWith("-shm", StringComparison.Ordinal) || file.EndsWith("-wal", StringComparison.Ordinal))
        {
            return [];
        }
    }

    private async Task<string> FailAsync(string name, WritebackResult? said)
    {
        using var person = portal.NewPerson();
        return (await TypeAsync(person, name, said)).Comparable.Replace($"{name}@corp.test", "*", StringComparison.Ordinal);
    }

    /// <param name="said">Of the agent; null where it is not asked.</param>
    private async Task<Answer> TypeAsync(Person person, string name, WritebackResult? said)
    {
        var posted = await PostAsync(person, name);
        if (said is not null)
        {
            await SayAsync(said);
        }

        return await portal.PumpAsync(posted);
    }

    /// <returns>The post of the password, which is not waited for.</returns>
    private static async Task<Task<Answer>> PostAsync(Person person, string name)
    {
        await person.GetAsync(SignInPaths.Begin);
        await person.PostAsync(SignInPaths.Begin, "sign-in", ("username", $"{name}@corp.test"), ("return", ""));
        await person.GetAsync(SignInPaths.Password);
        return person.PostAsync(SignInPaths.Password, "password", ("password", Password));
    }

    private Task RowAsync() =>
        Eventually.TrueAsync(
            () => portal.WithDbAsync(db => db.Set<Request>().AnyAsync(r => r.Kind == RequestKind.Verify && r.EndedAt == null)),
            TimeSpan.FromSeconds(20),
            "a question to the agent"
        );

    private async Task SayAsync(WritebackResult result)
    {
        await RowAsync();
        Assert.True(await portal.AnswerAsync(RequestKind.Verify, result));
    }
}
