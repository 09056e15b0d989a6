using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Users;

namespace PortalApp.Tests.Gates.Questions;

public class QuestionGateTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static readonly GateAnswer Wrong = new GateAnswer.Refused(new QuestionRefusal.Wrong());

    [Fact]
    public async Task Three_of_the_five_are_asked_and_pass_however_they_are_written()
    {
        await using var portal = await GatePortal.StartAsync();
        var right = await portal.RegisterAsync();
        var (gate, anna) = (portal.Questions(), GateSteps.Anna(portal));

        Assert.Equal(3, (await gate.AskedAsync(anna)).Length);
        Assert.IsType<GateAnswer.Passed>(await gate.AnswerAsync(anna, q => $" {right[q].ToUpperInvariant()}"));
    }

    [Fact]
    public async Task One_wrong_answer_reads_and_costs_the_same_as_three()
    {
        await using var portal = await GatePortal.StartAsync();
        var right = await portal.RegisterAsync();
        var hasher = new WatchedHasher();
        var gate = On(portal, hasher);
        await portal.RegisterAsync();
        var anna = GateSteps.Anna(portal);
        var asked = await gate.AskedAsync(anna);

        var one = await gate.AnswerAsync(anna, q => $"{q}" == asked[0] ? "not this" : right[q]);
        var ofOne = hasher.Verified;
        var three = await gate.AnswerAsync(anna, _ => "not this");

        Assert.Equal([Wrong, Wrong], [one, three]);
        Assert.Equal((3, 6), (ofOne, hasher.Verified));
    }

    [Fact]
    public async Task What_is_asked_stays_until_it_was_answered_wrong()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.RegisterAsync();
        var (gate, anna) = (portal.Questions(), GateSteps.Anna(portal));
        var first = await gate.AskedAsync(anna);
        for (var again = 0; again < 10; again++)
        {
            await gate.BeginAsync(anna, anew: true, Ct);
            Assert.Equal(first, await gate.AskedAsync(anna));
        }

        var draws = new HashSet<string>();
        for (var answer = 0; answer < 10; answer++)
        {
            await gate.AnswerAsync(anna, q => $"wrong {answer}");
            draws.Add(string.Join(' ', await gate.AskedAsync(anna)));
        }

        Assert.True(draws.Count > 1, "Ten draws were the same.");
    }

    [Fact, Trait("Case", "H11")]
    public async Task Of_all_who_answer_one_draw_at_once_one_is_compared()
    {
        await using var portal = await GatePortal.StartAsync();
        var right = await portal.RegisterAsync();
        var hasher = new WatchedHasher();
        var (gate, anna) = (On(portal, hasher), GateSteps.Anna(portal));
        var forms = await Task.WhenAll(Enumerable.Range(0, 8).Select(guess => gate.FormAsync(anna, _ => $"guess {guess}")));

        await Task.WhenAll(forms.Select(form => gate.AnswerAsync(anna, form)));

        Assert.Equal(3, hasher.Verified);
        Assert.Equal(1, await portal.FailuresAsync(QuestionSteps.AnnaId));
        Assert.NotEmpty(right);
    }

    [Fact]
    public async Task The_same_answers_sent_twice_count_once()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.RegisterAsync();
        var (gate, anna) = (portal.Questions(), GateSteps.Anna(portal));
        var form = await gate.FormAsync(anna, _ => "not this");

        Assert.Equal([Wrong, Wrong], [await gate.AnswerAsync(anna, form), await gate.AnswerAsync(anna, form)]);
        Assert.Equal(1, await portal.FailuresAsync(QuestionSteps.AnnaId));
    }

    [Fact]
    public async Task An_answer_that_is_missing_costs_nothing()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.RegisterAsync();
        var (gate, anna) = (portal.Questions(), GateSteps.Anna(portal));
        var asked = await gate.AskedAsync(anna);

        Assert.Equal(
            new GateAnswer.Refused(new QuestionRefusal.Missing()),
            await gate.AnswerAsync(anna, q => $"{q}" == asked[2] ? " " : "something")
        );
        Assert.Equal(asked, await gate.AskedAsync(anna));
        Assert.Equal(0, await portal.FailuresAsync(QuestionSteps.AnnaId));
    }

    [Fact, Trait("Case", "H7")]
    public async Task A_decoy_is_asked_the_tenants_questions_and_never_passes()
    {
        await using var portal = await GatePortal.StartAsync();
        var hasher = new WatchedHasher();
        var gate = On(portal, hasher);
        var seen = new HashSet<string>();
        for (var flow = 2; flow < 22; flow++)
        {
            var decoy = GateSteps.Decoy(portal, flow).From(flow);
            seen.UnionWith(await gate.AskedAsync(decoy));
            Assert.Equal(Wrong, await gate.AnswerAsync(decoy, _ => "something"));
        }

        // As many as a real person has answered, and the same in every flow.
        Assert.Equal(5, seen.Count);
        Assert.Equal(20 * 3, hasher.Verified);
    }

    [Fact]
    public async Task Somebody_with_a_role_has_no_questions()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.RegisterAsync(Role.Helpdesk);
        var person = GateSteps.Anna(portal).Person;

        Assert.Empty(await portal.Questions().HeldByAsync([person], Ct));
        Assert.Empty(
            await portal.WithDbAsync(async db => await (await portal.Questions().HoldersAsync(db, GateSteps.Tenant, default)).ToListAsync())
        );
    }

    [Fact, Trait("Case", "H30")]
    public async Task Other_answers_void_what_was_passed_with_the_old_ones()
    {
        await using var portal = await GatePortal.StartAsync();
        await portal.RegisterAsync();
        var (gate, person) = (portal.Questions(), GateSteps.Anna(portal).Person);
        var before = (await gate.HeldByAsync([person], Ct))[person.Subject];
        var same = (await gate.HeldByAsync([person], Ct))[person.Subject];
        await portal.RegisterAsync(word: "Other");
        var after = (await gate.HeldByAsync([person], Ct))[person.Subject];

        Assert.Equal(before.Basis, same.Basis);
        Assert.NotEqual(before.Basis, after.Basis);
        Assert.Equal(
            [person.Subject],
            await portal.WithDbAsync(async db => await (await gate.HoldersAsync(db, GateSteps.Tenant, default)).ToListAsync())
        );
    }

    [Fact]
    public async Task A_question_that_the_tenant_takes_away_is_asked_no_more()
    {
        await using var portal = await GatePortal.StartAsync();
        var right = await portal.RegisterAsync();
        var (gate, anna) = (portal.Questions(), GateSteps.Anna(portal));
        var gone = (await gate.AskedAsync(anna))[0];
        var id = long.Parse(gone, System.Globalization.CultureInfo.InvariantCulture);
        await portal.WithDbAsync(db =>
            db.Set<SecurityQuestion>()
                .Where(q => q.Id == id)
                .ExecuteUpdateAsync(set => set.SetProperty(q => q.RemovedAt, portal.Clock.GetUtcNow()))
        );

        Assert.DoesNotContain(gone, await gate.AskedAsync(anna));
        Assert.IsType<GateAnswer.Passed>(await gate.AnswerAsync(anna, q => right[q]));
    }

    [Fact]
    public async Task Two_slow_hashes_are_worked_out_at_a_time()
    {
        await using var portal = await GatePortal.StartAsync();
        using var hasher = new WatchedHasher { Holds = true };
        using var hashes = new AnswerHashes(hasher, portal.Services.GetRequiredService<PortalKeys>());
        var all = Enumerable.Range(0, 6).Select(n => Task.Run(() => hashes.OfAsync(QuestionSteps.AnnaId, n, "text", Ct))).ToArray();

        await Eventually.TrueAsync(() => hasher.AtWork == 2, TimeSpan.FromSeconds(30), "two hashes at work", Ct);
        hasher.LetGo();
        await Task.WhenAll(all);

        Assert.Equal(2, hasher.MostAtWork);
    }

    private static QuestionGate On(GatePortal portal, WatchedHasher hasher) =>
        ActivatorUtilities.CreateInstance<QuestionGate>(
            portal.Services,
            new AnswerHashes(hasher, portal.Services.GetRequiredService<PortalKeys>())
        );

    /// <summary>The platform's, and what it was asked.</summary>
    private sealed class WatchedHasher : PasswordHasher<SecurityAnswer>, IPasswordHasher<SecurityAnswer>, IDisposable
    {
        private readonly ManualResetEventSlim held = new();
        private int atWork;
        private int mostAtWork;
        private int verified;

        public bool Holds { get; init; }
        public int AtWork => Volatile.Read(ref atWork);
        public int MostAtWork => Volatile.Read(ref mostAtWork);
        public int Verified => Volatile.Read(ref verified);

        public void LetGo() => held.Set();

        public override string HashPassword(SecurityAnswer user, string password)
        {
            var now = Interlocked.Increment(ref atWork);
            InterlockedMax(now);
            if (Holds)
            {
                held.Wait(Ct);
            }

            Interlocked.Decrement(ref atWork);
            return base.HashPassword(user, password);
        }

        public override PasswordVerificationResult VerifyHashedPassword(SecurityAnswer user, string hashedPassword, string providedPassword)
        {
            Interlocked.Increment(ref verified);
            return base.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }

        public void Dispose() => held.Dispose();

        private void InterlockedMax(int now)
        {
            for (var most = MostAtWork; now > most && Interlocked.CompareExchange(ref mostAtWork, now, most) != most; most = MostAtWork)
            {
                // Another was quicker.
            }
        }
    }
}
