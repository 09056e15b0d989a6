using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>What a gate asks of the database, for a name with an account and for one without.</summary>
public class GateWorkTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H7")]
    public async Task Each_gate_sends_the_same_statements_for_both_whatever_is_answered()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var proofs = await HeldProofs.OfNewAsync(portal, "anna", 21);
        using var recorder = await StatementRecorder.StartAsync(portal.Database, portal.WithDbAsync);
        var anna = await portal.WithDbAsync(db =>
            db.Set<User>().Include(u => u.Contacts).SingleAsync(u => u.UserPrincipalName == "anna@corp.test")
        );
        foreach (var gate in portal.Services.GetServices<IGate>())
        {
            var person = GatePerson.Of(anna.Tenant, anna.Id, anna);
            // What is kept for a minute, whoever is first pays for.
            await WorkAsync(portal, gate, Nobody(portal, "before"), 1);
            var real = await StatementRecorder.OfAsync(() => WorkAsync(portal, gate, person, 2));
            var decoy = await StatementRecorder.OfAsync(() => WorkAsync(portal, gate, Nobody(portal, "nobody"), 3));

            Assert.NotEmpty(real);
            Assert.True(
                real.SequenceEqual(decoy),
                $"{gate.Method}: {real.Count} and {decoy.Count}; only one has {string.Join('\n', real.Except(decoy).Concat(decoy.Except(real)))}"
            );
        }
    }

    private static GatePerson Nobody(ResetPortal portal, string name) =>
        new(portal.Tenant.Id, $"{name}-without-an-account", null, DrawnQuestions: "1 2 3 4 5");

    /// <summary>Begun, answered wrongly, the same again, with nothing, and begun again.</summary>
    private static async Task WorkAsync(ResetPortal portal, IGate gate, GatePerson person, int flow)
    {
        var subject = new GateSubject(
            person,
            "anna@corp.test",
            portal.Tenant.Name,
            portal.Tenant.HelpdeskPhone,
            (1_000 * (int)gate.Method) + flow,
            portal.Clock.GetUtcNow() + Limits.Standard.FlowLifetime,
            new(new("198.51.100.0/24"), Familiarity.Stranger)
        );
        await gate.HeldByAsync([person], Ct);
        await gate.BeginAsync(subject, anew: false, Ct);
        Dictionary<string, StringValues> wrong = new()
        {
            ["code"] = "00000000",
            ["credential"] = "{}",
            [QuestionGate.DrawField] = "1",
        };
        for (var at = 0; at < QuestionCounts.Most; at++)
        {
            wrong[QuestionGate.Field(at)] = "wrong";
        }

        Assert.IsType<GateAnswer.Refused>(await gate.AnswerAsync(subject, new FormCollection(wrong), Ct));
        Assert.IsType<GateAnswer.Refused>(await gate.AnswerAsync(subject, new FormCollection(wrong), Ct));
        Assert.IsType<GateAnswer.Refused>(await gate.AnswerAsync(subject, new FormCollection([]), Ct));
        await gate.BeginAsync(subject, anew: true, Ct);
    }
}

[OnPostgreSql]
public sealed class GateWorkTestsOnPostgreSql : GateWorkTests;
