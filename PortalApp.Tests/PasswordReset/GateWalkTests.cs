using System.Buffers.Binary;
using System.Linq.Expressions;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Gates;
using PortalApp.PasswordReset.Flows;
using PortalApp.Throttle;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.PasswordReset;

/// <summary>
/// A browser that does whatever it can in any order, beside a model that remembers what was truly proved. Two gates are asked for, every
/// method is held.
/// </summary>
public sealed class GateWalkTests
{
    private const int Steps = 25;

    /// <summary>Enough to choose and prove two, a choice of nothing between.</summary>
    private const int StepsToEnd = 6;
    private static readonly int[] Seeds = [1, 2, 3, 5];

    [Fact]
    [Trait("Case", "H26")]
    [Trait("Case", "H21")]
    [Trait("Case", "H25")]
    public async Task No_gate_passes_that_was_not_proved_whatever_order_things_are_done_in()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.RequireGatesAsync(2);
        var (passed, written) = (new HashSet<GateMethod>(), 0);
        foreach (var seed in Seeds)
        {
            using var proofs = await HeldProofs.OfNewAsync(portal, $"user{seed}", 10 + seed);
            using var walk = new Walk(portal, proofs, $"user{seed}", new Dice(seed));
            await walk.RunAsync(Steps);
            passed.UnionWith(walk.Passed);
            written += walk.Written;
        }

        using var mallorys = await HeldProofs.OfNewAsync(portal, "mallory", 99);
        using var nobody = new Walk(portal, mallorys, "nobody", new Dice(Seeds[0]));
        await nobody.RunAsync(Steps / 2);

        Assert.Empty(nobody.Passed);
        Assert.True(passed.Different() >= 5, $"only {string.Join(", ", passed)} were passed: the walk proves little");
        Assert.True(written > 0, "no walk came to its end");
    }

    /// <summary>The same throws for the same seed, on every machine.</summary>
    private sealed class Dice(int seed)
    {
        private int thrown;

        public int Next(int below) =>
            (int)(BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.ASCII.GetBytes($"{seed} {thrown++}"))) % (uint)below);
    }

    private sealed class Walk(ResetPortal portal, HeldProofs proofs, string name, Dice dice) : IDisposable
    {
        private static readonly GateMethod[] Methods = Enum.GetValues<GateMethod>();
        private readonly Person person = portal.NewPerson();
        private readonly List<Person> olderTabs = [];
        private readonly List<string> told = [];
        private int chosen = dice.Next(Methods.Length + 1);

        /// <summary>By the flow's trace: what the right proof was sent for, in the form of that gate and that flow.</summary>
        private readonly HashSet<(string Trace, GateMethod Method)> proved = [];

        public IReadOnlyCollection<GateMethod> Passed { get; private set; } = [];
        public int Written { get; private set; }

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

            await BeginAsync();
            for (var step = 0; step < StepsToEnd; step++)
            {
                await ProveAskedAsync();
                await CheckAsync();
            }

            await FinishAsync();
            await CheckAsync();
        }

        private Task StepAsync() =>
            dice.Next(16) switch
            {
                0 => BeginAsync(),
                1 => LookAsync(),
                2 or 3 or 4 => ChooseAsync(),
                5 => BeginAgainAsync(),
                6 or 7 => AnswerWronglyAsync(),
                8 => ReplayAsync(),
                9 => ProveAsync(Methods[dice.Next(Methods.Length)]),
                10 => OlderTabAsync(),
                11 => FinishAsync(),
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

        /// <summary>Each in its turn, also one that nobody has, and where another is asked already.</summary>
        private Task ChooseAsync()
        {
            chosen = (chosen + 5) % (Methods.Length + 1);
            var method = (GateMethod)(1 + chosen);
            return DoAsync($"choose {method}", person.ChooseAsync(method));
        }

        private async Task BeginAgainAsync()
        {
            portal.Clock.Advance(Limits.Standard.CodeWait);
            var method = await AskedAsync() ?? GateMethod.AlternateEmail;
            await DoAsync($"begin {method} again", person.PostAsync(ResetPaths.Verify, ResetForms.BeginGate(method)));
        }

        /// <summary>What somebody does who wants to get on.</summary>
        private async Task ProveAskedAsync() => await (await AskedAsync() is { } asked ? ProveAsync(asked) : ChooseAsync());

        /// <summary>The right proof, in the form of its own gate, whichever is asked.</summary>
        private async Task ProveAsync(GateMethod method)
        {
            await person.GetAsync(ResetPaths.Verify);
            if (await proofs.RightAsync(person, method, await OfThisFlowAsync(f => (long?)f.Id)) is { } right)
            {
                await SendAsync(method, right, isProof: true);
            }
        }

        /// <summary>In the form of the gate that is asked: something wrong, nothing, or the right proof of another gate.</summary>
        private async Task AnswerWronglyAsync()
        {
            var asked = await AskedAsync() ?? GateMethod.AlternateEmail;
            var other = Methods.Where(m => m != asked).ElementAt(dice.Next(Methods.Length - 1));
            await SendAsync(
                asked,
                dice.Next(4) switch
                {
                    0 => [("code", "00000000"), ("credential", "{}")],
                    1 => [("code", ""), ("credential", "")],
                    2 => [],
                    _ => await proofs.RightAsync(person, other, await OfThisFlowAsync(f => (long?)f.Id)) ?? [],
                }
            );
        }

        /// <summary>An older code of the gate that is asked, or any other that was sent.</summary>
        private async Task ReplayAsync()
        {
            var asked = await AskedAsync() ?? GateMethod.AlternateEmail;
            var newest = await proofs.CodesAsync(asked) is [.., var code] ? code : null;
            string[] codes = [.. proofs.Seen.Where(c => c != newest), "1"];
            await SendAsync(asked, [("code", codes[dice.Next(codes.Length)])]);
        }

        /// <summary>A tab that shows an older flow, in a browser whose cookie is the newer one's, with what is right for it.</summary>
        private async Task OlderTabAsync()
        {
            var tab = olderTabs[dice.Next(olderTabs.Count)];
            tab.TakeCookiesOf(person);
            var asked = await AskedAsync() ?? GateMethod.AlternateEmail;
            var right = await proofs.RightAsync(person, asked, await OfThisFlowAsync(f => (long?)f.Id)) ?? [];
            await DoAsync($"older tab {asked}", tab.PostAsync(ResetPaths.Verify, ResetForms.Answer(asked), right));
        }

        private async Task SendAsync(GateMethod method, (string, string)[] fields, bool isProof = false)
        {
            await person.GetAsync(ResetPaths.Verify);
            if (isProof)
            {
                proved.Add((await OfThisFlowAsync(f => f.Trace) ?? "none", method));
            }

            var form = ResetForms.Answer(method);
            await DoAsync($"{form} {string.Join(' ', fields)}", person.PostAsync(ResetPaths.Verify, form, fields));
        }

        private Task<GateMethod?> AskedAsync() =>
            OfThisFlowAsync(f => f.PassedGates.Any(g => g.Method == f.ChosenMethod) ? null : f.ChosenMethod);

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

        /// <summary>Of the browser's cookie: the form that the page holds is that flow's, or is refused.</summary>
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
            Assert.All(
                flows.Where(f => f.CheckRequest is not null || f.Sets > 0),
                f => Assert.True(f.PassedGates.Select(g => g.Method).Different() >= 2, Told())
            );
            Passed = [.. flows.SelectMany(f => f.PassedGates).Select(g => g.Method).Distinct()];
            Written = flows.Sum(f => f.Sets);
        }

        private string Told() => $"{name}: {string.Join("; ", told)}";
    }
}
