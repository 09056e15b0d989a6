using System.CommandLine;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Audit.Tallies;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.PasswordReset;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Operator;

/// <summary>Makes up what might have happened, for who tries the portal: charts show nothing of a portal that began today.</summary>
internal static class DemoPastCommand
{
    private const string MadeUp = "made up for a demo";
    private const string MadeUpId = "made-up-";
    private const int Days = 30;
    private const int MostPeople = 40;
    private const int BusiestDay = 24;

    private static readonly (int Share, AuditEventId Event, RequestOutcome? Outcome, string Reason)[] Ends =
    [
        (78, AuditEventId.ResetDone, RequestOutcome.Applied, nameof(WritebackReason.None)),
        (8, AuditEventId.ResetFailed, RequestOutcome.Rejected, nameof(WritebackReason.InHistory)),
        (4, AuditEventId.ResetFailed, RequestOutcome.Rejected, nameof(WritebackReason.TooYoung)),
        (3, AuditEventId.ResetFailed, RequestOutcome.NotAttempted, nameof(WritebackReason.Protected)),
        (5, AuditEventId.ResetRefused, null, nameof(RefusalCode.TooFewMethods)),
        (2, AuditEventId.ResetUnknown, RequestOutcome.Unknown, nameof(WritebackReason.AnswerLost)),
    ];

    public static Command Demo()
    {
        var tenant = new Option<int>("--tenant") { Description = "The tenant's number.", Required = true };
        var past = new Command("past", "In Development alone: write thirty days of resets that never were, each marked as made up.")
        {
            tenant,
        };
        past.Does(call => WriteAsync(call, new TenantId(call.Typed.GetValue(tenant))));
        return new Command("demo", "What a portal that is tried out has beside the usual.") { past };
    }

    private static async Task<CommandRefusal?> WriteAsync(CommandCall call, TenantId tenant)
    {
        if (!call.Get<IHostEnvironment>().IsDevelopment())
        {
            return new("A past is made up in Development alone: this portal's audit is to be believed.");
        }

        await using var db = await call.OpenAsync();
        var people = await db.Set<User>()
            .Where(u => u.Tenant == tenant && u.GoneAt == null && u.Role == Role.User)
            .OrderBy(u => u.UserPrincipalName)
            .Take(MostPeople)
            .ToListAsync(call.Cancellation);
        if (people.Count == 0)
        {
            return new($"Tenant {tenant} has nobody to whom something could have happened.");
        }

        if (await db.Set<AuditEntry>().AnyAsync(a => a.Tenant == tenant && a.Detail == MadeUp, call.Cancellation))
        {
            return new($"Tenant {tenant} has a past that is made up already.");
        }

        var until = await UntilAsync(db, tenant, call.Get<TimeProvider>(), call.Cancellation);
        for (var day = until.AddDays(-Days); day < until; day = day.AddDays(1))
        {
            AddDay(db, tenant, people, day, call.By);
        }

        var written = await db.SaveChangesAsync(call.Cancellation);
        call.Output.WriteLine($"{written} rows of a past that is made up; each event says \"{MadeUp}\".");
        return null;
    }

    /// <summary>Today, or the first day of which the tenant has something of its own, such as yesterday for who began before midnight.</summary>
    private static async Task<DateTimeOffset> UntilAsync(PortalDb db, TenantId tenant, TimeProvider clock, CancellationToken cancellation)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).DayNumber;
        var own = await db.Set<DailyTally>().Where(t => t.Tenant == tenant).MinAsync(t => (int?)t.Day, cancellation);
        return new(DateOnly.FromDayNumber(Math.Min(own ?? today, today)).ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
    }

    private static void AddDay(PortalDb db, TenantId tenant, List<User> people, DateTimeOffset day, Actor by)
    {
        var isWeekend = day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
        var many = RandomNumberGenerator.GetInt32(BusiestDay / 3, BusiestDay) / (isWeekend ? 6 : 1);
        var mail = 0;
        foreach (
            var at in Enumerable
                .Range(0, many)
                .Select(_ => day.AddHours(7).AddSeconds(RandomNumberGenerator.GetInt32(0, 12 * 3600)))
                .Order()
        )
        {
            var (person, end) = (people[RandomNumberGenerator.GetInt32(people.Count)], Draw());
            var request = end.Outcome is null || person.Connector is null ? null : Request(tenant, person, at, end);
            if (request is not null)
            {
                db.Add(request);
            }

            mail++;
            db.Add(
                new AuditEntry
                {
                    At = at,
                    Tenant = tenant,
                    Event = end.Event,
                    By = by,
                    SubjectKind = AuditSubjectKind.User,
                    Subject = person.Id,
                    Request = request?.Id,
                    Outcome = end.Outcome?.ToString(),
                    Reason = end.Reason,
                    Network = "198.51.100.0/24",
                    Detail = MadeUp,
                }
            );
        }

        db.Add(Tally(tenant, day, TallyKind.GatePassed, GateMethod.AlternateEmail, mail));
        db.Add(Tally(tenant, day, TallyKind.GateFailed, GateMethod.AlternateEmail, (mail / 7) + 1));
    }

    private static (int Share, AuditEventId Event, RequestOutcome? Outcome, string Reason) Draw()
    {
        var drawn = RandomNumberGenerator.GetInt32(Ends.Sum(e => e.Share));
        return Ends.First(e => (drawn -= e.Share) < 0);
    }

    private static Request Request(
        TenantId tenant,
        User person,
        DateTimeOffset at,
        (int Share, AuditEventId Event, RequestOutcome? Outcome, string Reason) end
    ) =>
        new()
        {
            Id = MadeUpId + RequestId.New().Value,
            Tenant = tenant,
            Anchor = person.Id,
            Kind = RequestKind.Reset,
            Connector = person.Connector,
            Issued = at.AddMilliseconds(-RandomNumberGenerator.GetInt32(30, 400)),
            Deadline = at.AddMinutes(1),
            EndedAt = at,
            Outcome = end.Outcome,
            Reason = Enum.Parse<WritebackReason>(end.Reason),
        };

    private static DailyTally Tally(TenantId tenant, DateTimeOffset day, TallyKind kind, GateMethod method, int count) =>
        new()
        {
            Tenant = tenant,
            Day = DateOnly.FromDateTime(day.UtcDateTime).DayNumber,
            Kind = kind,
            Of = $"{method}",
            Count = count,
        };
}
