using System.Buffers.Binary;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Gates;
using PortalApp.Throttle;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordReset;

/// <summary>
/// A browser that does whatever it can in any order, beside a model that remembers what was truly proved. Two gates are asked for, three ways
/// are held.
/// </summary>
public sealed class GateWalkTests
{
    private const int Steps = 25;
    private static readonly int[] Seeds = [1, 2, 3, 5, 8];
    private readonly WordGate words = new(99, "Say the words that we agreed on");
    private readonly WordGate others = new(98, "Say the other words");

    [Fact]
    [Trait("Case", "H26")]
    [Trait("Case", "H21")]
    [Trait("Case", "H25")]
    public async Task No_gate_passes_that_was_not_proved_whatever_order_things_are_done_in()
    {
        await using var portal = await ResetPortal.StartAsync(null, words, others);
        await portal.RequireGatesAsync(2);
        var (passed, written) = (0, 0);
        foreach (var seed in Seeds)
        {
            var user = await portal.AddUserAsync($"user{seed}", $"user{seed}@walk.example");
            words.Agreed[user.Id] = others.Agreed[user.Id] = ("open", "sesame");
            using var walk = new Walk(portal, [words, others], $"user{seed}", new Dice(seed));
            await walk.RunAsync(Steps);
            (passed, written) = (passed + walk.Passed, written + walk.Written);
        }

        using var nobody = new Walk(portal, [words, others], "nobody", new Dice(Seeds[0]));
        await nobody.RunAsync(Steps);

        Assert.Equal(0, nobody.Passed);
        Assert.True(passed > Seeds.Length, $"only {passed} gates were passed: the walk proves little");
        Assert.True(written > 0, "no walk came to its end");
    }

    /// <summary>The same throws for the same seed, on every machine.</summary>
    private sealed class Dice(int seed)
    {
        private int thrown;

        public int Next(int below) =>
            (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes($"{seed} {thrown++}"))) % (uint)below);
    }

    private sealed class Walk(ResetPortal portal, WordGate[] gates, string name, Dice dice) : IDisposable
    {
        private readonly Person person = portal.NewPerson();
        private readonly List<Person> olderTabs = [];
        private readonly List<string> told = [];
        private readonly List<string> codes = [];

        /// <summary>By the flow's trace: what the right proof was sent for, in the form of that gate and that flow.</summary>
        private readonly HashSet<(string Trace, GateMethod Method)> proved = [];

        public int Passed { get; private set; }
        public int Written { get; private set; }

        private string Mail => $"{name}@walk.example";

        public void Dispose()
        {
            olderTabs.ForEach(tab => tab.Dispose());
            person.Dispose();
        }

        public async Task RunAsync(int steps)
        {
            await BeginAsync();
            for (var step = 0; step < steps; step++)
            {
                await StepAsync();
                await CheckAsync();
            }
        }

        private Task StepAsync() =>
            dice.Next(16) switch
            {
                0 => BeginAsync(),
                1 => LookAsync(),
                2 or 3 or 4 => ChooseAsync(),
                5 => ResendAsync(),
                6 or 7 or 8 => AnswerWronglyAsync(),
                9 => TypeAsync(codes.Count > 1 ? codes[dice.Next(codes.Count - 1)] : "1"),
                10 => SayAsync(gates[dice.Next(gates.Length)], "open", "sesame"),
                11 => OlderTabAsync(),
                12 => FinishAsync(),
                _ => ProveAskedAsync(),
            };

        private async Task BeginAsync()
        {
            portal.Clock.Advance(TimeSpan.FromSeconds(2));
            olderTabs.Add(person.SecondTab());
            await DoAsync("begin", person.BeginAsync($"{name}@corp.test"));
            await person.GetAsync(ResetPaths.Method);
            await person.GetAsync(ResetPaths.Verify);
        }

        private async Task LookAsync()
        {
            await AnswerOpenAsync();
            string[] pages = [ResetPaths.Method, ResetPaths.Verify, ResetPaths.Password, ResetPaths.Result];
            var page = pages[dice.Next(pages.Length)];
            await DoAsync($"look {page}", person.GetAsync(page));
        }

        private Task ChooseAsync()
        {
            GateMethod[] methods = [GateMethod.AlternateEmail, GateMethod.AlternateEmail, gates[0].Method, gates[1].Method, (GateMethod)7];
            var method = methods[dice.Next(methods.Length)];
            return DoAsync($"choose {method}", person.ChooseAsync(method));
        }

        private async Task ResendAsync()
        {
            portal.Clock.Advance(Limits.Standard.CodeWait);
            await DoAsync("resend", person.PostAsync(ResetPaths.Verify, Person.NewCodeForm));
        }

        /// <summary>What somebody does who wants to get on.</summary>
        private async Task ProveAskedAsync()
        {
            var asked = await AskedAsync();
            await (
                gates.SingleOrDefault(g => g.Method == asked) is { } gate ? SayAsync(gate, "open", "sesame")
                : asked is null ? ChooseAsync()
                : NewestCodeAsync()
            );
        }

        /// <summary>In the form of the gate that is asked: something wrong, nothing, or the right proof of another gate.</summary>
        private async Task AnswerWronglyAsync()
        {
            (string, string)[][] answers =
            [
                [("code", "00000000"), ("first", "open"), ("second", "barley")],
                [("code", ""), ("first", ""), ("second", "")],
                [],
                await AskedAsync() == GateMethod.AlternateEmail
                    ? [("first", "open"), ("second", "sesame")]
                    : [("code", codes.LastOrDefault() ?? "1")],
            ];
            var wrong = answers[dice.Next(answers.Length)];
            await person.GetAsync(ResetPaths.Verify);
            var form = ResetForms.Answer(await AskedAsync() ?? gates[0].Method);
            await DoAsync($"{form} {string.Join(' ', wrong)}", person.PostAsync(ResetPaths.Verify, form, wrong));
        }

        private Task<GateMethod?> AskedAsync() =>
            OfThisFlowAsync(f => f.PassedGates.Any(g => g.Method == f.ChosenMethod) ? null : f.ChosenMethod);

        private async Task NewestCodeAsync()
        {
            if ((await portal.MailsToAsync(Mail)).Any(m => m.Text.Contains("verification code", StringComparison.Ordinal)))
            {
                codes.Add(await portal.CodeToAsync(Mail));
                await TypeAsync(codes[^1], isNewest: true);
            }
        }

        private async Task TypeAsync(string code, bool isNewest = false)
        {
            await person.GetAsync(ResetPaths.Verify);
            if (isNewest)
            {
                await ProveAsync(GateMethod.AlternateEmail);
            }

            await DoAsync($"type {code}", person.PostAsync(ResetPaths.Verify, Person.CodeForm, ("code", code)));
        }

        private async Task SayAsync(WordGate gate, string first, string second)
        {
            await person.GetAsync(ResetPaths.Verify);
            if (second == "sesame")
            {
                await ProveAsync(gate.Method);
            }

            await DoAsync($"say {gate.Method} {second}", person.SayWordsAsync(gate.Method, first, second));
        }

        /// <summary>A tab that shows an older flow, in a browser whose cookie is the newer one's.</summary>
        private async Task OlderTabAsync()
        {
            var tab = olderTabs[dice.Next(olderTabs.Count)];
            tab.TakeCookiesOf(person);
            var form = ResetForms.Answer(gates[0].Method);
            await DoAsync("older tab", tab.PostAsync(ResetPaths.Verify, form, ("first", "open"), ("second", "sesame")));
        }

        private async Task FinishAsync()
        {
            await AnswerOpenAsync();
            await person.GetAsync(ResetPaths.Password);
            portal.Clock.Advance(TimeSpan.FromSeconds(1));
            await DoAsync("finish", person.FinishAsync());
        }

        /// <summary>Else the page would wait for the directory.</summary>
        private async Task AnswerOpenAsync()
        {
            var asked = await portal.WithDbAsync(db => db.Set<Request>().Where(r => r.Result == null).ToListAsync());
            foreach (var request in asked)
            {
                await portal.AnswerAsync(
                    request.Kind,
                    request.Kind == RequestKind.Check
                        ? new WritebackResult.Settable(ResetPortal.Rules)
                        : new WritebackResult.Rejected(WritebackReason.InHistory, null)
                );
            }
        }

        /// <summary>Counted for the flow of the browser's cookie: the form that the page holds is that flow's, or is refused.</summary>
        private async Task ProveAsync(GateMethod method) => proved.Add((await OfThisFlowAsync(f => f.Trace) ?? "none", method));

        private Task<T?> OfThisFlowAsync<T>(Expression<Func<Flow, T>> what)
        {
            var hash = FlowCookie.Hash(person.Cookies.GetValueOrDefault(FlowCookie.Name, ""));
            return portal.WithDbAsync(db => db.Set<Flow>().Where(f => f.KeyHash == hash).Select(what).SingleOrDefaultAsync());
        }

        private async Task DoAsync(string what, Task<Answer> act)
        {
            var answer = await act;
            told.Add($"{what} → {(int)answer.Status} {answer.Location}");
            Assert.True((int)answer.Status < 500, Told());
        }

        private async Task CheckAsync()
        {
            var flows = await portal.WithDbAsync(db =>
                db.Set<Flow>()
                    .AsNoTracking()
                    .Include(f => f.PassedGates)
                    .Where(f => f.UserPrincipalName == $"{name}@corp.test")
                    .ToListAsync()
            );
            Assert.All(
                flows.SelectMany(f => f.PassedGates.Select(g => (f.Trace, g.Method))),
                gate => Assert.True(proved.Contains(gate), Told())
            );
            Assert.All(flows.Where(f => f.CheckRequest is not null || f.Sets > 0), f => Assert.True(f.PassedGates.Count >= 2, Told()));
            (Passed, Written) = (flows.Sum(f => f.PassedGates.Count), flows.Sum(f => f.Sets));
        }

        private string Told() => $"{name}: {string.Join("; ", told)}";
    }
}
