using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.PasswordReset;
using PortalApp.Throttle;

namespace PortalApp.Tests.Benchmarks;

/// <summary>
/// What one wrong answer costs the portal by each method, beside one slow hash; and what a person notices of 64 strangers who answer security
/// questions without a pause.
/// </summary>
internal static partial class GateBench
{
    private const int Answers = 20;
    private const int Strangers = 64;
    private const int Pages = 300;
    private const string Anna = "anna@corp.test";

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await ResetPortal.StartAsync(
            new Dictionary<string, string?> { ["Portal:TrustedProxies:0"] = "127.0.0.1", [ResetPortal.SlowHashes] = "" }
        );
        using var proofs = await HeldProofs.OfNewAsync(portal, "anna", 78);
        await WrongAnswersAsync(portal, report, cancellation);
        await HammerAsync(portal, report, cancellation);
    }

    private static async Task WrongAnswersAsync(ResetPortal portal, BenchReport report, CancellationToken cancellation)
    {
        var hash = SlowHashMilliseconds(portal);
        report.Add("gates.slow_hash", hash, "ms");
        foreach (var gate in portal.Services.GetServices<IGate>())
        {
            var median = BenchReport.Median(await WrongAsync(portal, gate, cancellation));
            report.Add($"gates.wrong_{gate.Method}", median, "ms");
            report.AddCost(
                $"gates.wrong_{gate.Method}_hashes",
                median / hash,
                gate.Method == GateMethod.SecurityQuestions ? new QuestionCounts().Asked + 0.5 : 0.5
            );
        }
    }

    private static double SlowHashMilliseconds(ResetPortal portal)
    {
        var hasher = portal.Services.GetRequiredService<IPasswordHasher<SecurityAnswer>>();
        var nobody = new SecurityAnswer { UserId = "", Hash = "" };
        var held = hasher.HashPassword(nobody, "text");
        return BenchReport.Median(
            Enumerable
                .Range(0, Answers)
                .Select(_ =>
                {
                    var clock = Stopwatch.StartNew();
                    hasher.VerifyHashedPassword(nobody, held, "other");
                    return clock.Elapsed.TotalMilliseconds;
                })
        );
    }

    /// <summary>Of a decoy, which costs what anybody's does; each in a flow of its own.</summary>
    private static async Task<List<double>> WrongAsync(ResetPortal portal, IGate gate, CancellationToken cancellation)
    {
        var times = new List<double>();
        for (var flow = 1; flow <= Answers + 1; flow++)
        {
            var subject = new GateSubject(
                new(portal.Tenant.Id, $"decoy-{gate.Method}-{flow}", null, DrawnQuestions: "1 2 3 4 5"),
                $"decoy-{flow}@corp.test",
                portal.Tenant.Name,
                portal.Tenant.HelpdeskPhone,
                ((int)gate.Method * 1_000) + flow,
                portal.Clock.GetUtcNow() + Limits.Standard.FlowLifetime,
                new(new("198.51.100.0/24"), Familiarity.Stranger)
            );
            await gate.BeginAsync(subject, anew: false, cancellation);
            var form = new Dictionary<string, StringValues> { ["code"] = CodeOf(gate.Method), ["credential"] = "{}" };
            if (gate is QuestionGate questions)
            {
                var (number, asked) = await questions.AskedAsync(subject, cancellation);
                form[QuestionGate.DrawField] = $"{number}";
                Enumerable.Range(0, asked.Count).ToList().ForEach(at => form[QuestionGate.Field(at)] = "wrong");
            }

            var clock = Stopwatch.StartNew();
            Assert.IsType<GateAnswer.Refused>(await gate.AnswerAsync(subject, new FormCollection(form), cancellation));
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        return times[1..];
    }

    private static string CodeOf(GateMethod method) =>
        method switch
        {
            GateMethod.AuthenticatorApp => "000000",
            GateMethod.RecoveryCode => "0000-0000-0000-0000",
            _ => "00000000",
        };

    private static async Task HammerAsync(ResetPortal portal, BenchReport report, CancellationToken cancellation)
    {
        using var own = From(portal, 1);
        var begun = await own.BeginAsync(Anna);
        Assert.True(begun.Location == ResetPaths.Method, $"{begun.Status} {begun.Location} {begun.Text}");
        await PageMillisecondsAsync(own);
        var idle = await PageMillisecondsAsync(own);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        using var answering = new CountdownEvent(Strangers);
        var strangers = Enumerable
            .Range(2, Strangers)
            .Select(n => Task.Run(() => StrangerAsync(portal, n, answering, ending.Token)))
            .ToArray();
        await Task.Run(() => answering.Wait(cancellation), cancellation);
        var hammered = await PageMillisecondsAsync(own);
        await ending.CancelAsync();

        report.Add("gates.answers_meanwhile", (await Task.WhenAll(strangers)).Sum(), "wrong answers to questions");
        report.Add("gates.page_p95_idle", idle, "ms");
        report.Add("gates.page_p95_hammered", hammered, "ms");
        report.AddCost("gates.page_p95", hammered / idle, atMost: 3);
    }

    /// <summary>The 95th percentile of a page of somebody's own flow.</summary>
    private static async Task<double> PageMillisecondsAsync(Person own)
    {
        var times = new List<double>();
        for (var page = 0; page < Pages; page++)
        {
            var clock = Stopwatch.StartNew();
            var answer = await own.GetAsync(ResetPaths.Method);
            times.Add(clock.Elapsed.TotalMilliseconds);
            Assert.Null(answer.Location);
        }

        return times.Order().ElementAt((int)(Pages * 0.95));
    }

    /// <summary>Answers the questions of one name after another, of each as often as is compared.</summary>
    /// <returns>How often it answered.</returns>
    private static async Task<int> StrangerAsync(ResetPortal portal, int network, CountdownEvent answering, CancellationToken ending)
    {
        var answers = 0;
        using var person = From(portal, network);
        for (var name = 0; !ending.IsCancellationRequested; name++)
        {
            await person.BeginAsync(string.Create(CultureInfo.InvariantCulture, $"nobody{network}-{name}@corp.test"));
            await person.ChooseAsync(GateMethod.SecurityQuestions);
            var page = await person.GetAsync(ResetPaths.Verify);
            for (var guess = 0; guess < Limits.Standard.FailuresByMethod.Most && !ending.IsCancellationRequested; guess++, answers++)
            {
                (string, string)[] fields =
                [
                    (QuestionGate.DrawField, Draw().Match(page.Html).Groups["number"].Value),
                    .. Enumerable.Range(0, new QuestionCounts().Asked).Select(at => (QuestionGate.Field(at), $"wrong {guess}")),
                ];
                page = await person.PostAsync(ResetPaths.Verify, ResetForms.Answer(GateMethod.SecurityQuestions), fields);
                if (answers == 0)
                {
                    answering.Signal();
                }
            }
        }

        return answers;
    }

    private static Person From(ResetPortal portal, int network)
    {
        var http = portal.NewPersonsClient();
        http.DefaultRequestHeaders.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"203.0.{network}.7"));
        return new Person(http);
    }

    [GeneratedRegex("""name="draw" value="(?<number>\d+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Draw();
}
