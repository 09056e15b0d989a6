using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Reports;

/// <summary>How often something happened, ended so and for that reason, in each bar.</summary>
internal sealed record HappeningCount(AuditEventId Event, string? Outcome, string? Reason, IReadOnlyList<long> OfBars)
{
    public long Sum => OfBars.Sum();
}

/// <summary>
/// Counts a tenant's audit, however long it is: first which kinds of ends there are, then each of them in each bar, both from the index alone
/// and without sorting.
/// </summary>
internal sealed class AuditCounts(IDbContextFactory<PortalDb> databases)
{
    /// <summary>More kinds of ends than the code can write.</summary>
    private const int MostKinds = 300;

    private static readonly AuditEventId[] Unknowns = [AuditEventId.ResetUnknown, AuditEventId.ChangeUnknown, AuditEventId.UnlockUnknown];

    /// <summary>What evidence tells later of one that was not known.</summary>
    private static readonly string Resolutions = string.Join(
        ',',
        new[]
        {
            AuditEventId.ResetDone,
            AuditEventId.ResetFailed,
            AuditEventId.ChangeDone,
            AuditEventId.ChangeFailed,
            AuditEventId.UnlockDone,
            AuditEventId.UnlockFailed,
        }.Select(e => Text((int)e))
    );

    /// <summary>An end that was not known and is known by now counts once, as what it came to.</summary>
    public async Task<IReadOnlyList<HappeningCount>> OfAsync(
        TenantId tenant,
        IReadOnlyList<AuditEventId> events,
        ReportQuery query,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var (begins, ends) = (query.Begins, query.Ends);
        var kinds = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == tenant && events.Contains(a.Event) && a.At >= begins && a.At < ends)
            .Where(a => query.Why == null || a.Reason == query.Why)
            .GroupBy(a => new
            {
                a.Event,
                a.Outcome,
                a.Reason,
            })
            .Select(g => g.Key)
            .Take(MostKinds)
            .ToListAsync(cancellation);
        if (kinds.Count == 0)
        {
            return [];
        }

        var edges = query.Edges();
        var statement = StatementOf(tenant, [.. kinds.Select(k => (k.Event, k.Outcome, k.Reason))], edges);
        var counted = (await db.Database.SqlQuery<Counted>(statement).ToListAsync(cancellation)).ToLookup(c => c.Kind);
        return
        [
            .. kinds.Select(
                (kind, i) =>
                {
                    var ofBars = new long[edges.Count - 1];
                    foreach (var one in counted[i])
                    {
                        ofBars[one.Bar] = one.Count;
                    }

                    return new HappeningCount(kind.Event, kind.Outcome, kind.Reason, ofBars);
                }
            ),
        ];
    }

    /// <summary>A part for each kind, so that each count is one range of the index.</summary>
    private static FormattableString StatementOf(
        TenantId tenant,
        IReadOnlyList<(AuditEventId Event, string? Outcome, string? Reason)> kinds,
        IReadOnlyList<DateOnly> edges
    )
    {
        List<object> values = [tenant.Value];
        var bars = edges.Zip(edges.Skip(1)).Select((bar, i) => $"({Text(i)}, {Ticks(bar.First)}, {Ticks(bar.Second)})");
        var statement = new StringBuilder($"WITH b (\"Bar\", \"From\", \"Until\") AS (VALUES {string.Join(", ", bars)})\n");
        for (var i = 0; i < kinds.Count; i++)
        {
            var (happened, outcome, reason) = kinds[i];
            statement.Append(i == 0 ? "" : "\nUNION ALL ");
            statement.Append(
                CultureInfo.InvariantCulture,
                $"SELECT {i} AS \"Kind\", b.\"Bar\", (SELECT COUNT(*) FROM \"AuditEntry\" AS a "
            );
            statement.Append(CultureInfo.InvariantCulture, $"WHERE a.\"Tenant\" = {{0}} AND a.\"Event\" = {(int)happened} ");
            statement.Append(CultureInfo.InvariantCulture, $"AND a.\"Outcome\" {Is(outcome)} AND a.\"Reason\" {Is(reason)} ");
            statement.Append("AND a.\"At\" >= b.\"From\" AND a.\"At\" < b.\"Until\"");
            if (Unknowns.Contains(happened))
            {
                statement.Append(" AND NOT EXISTS (SELECT 1 FROM \"AuditEntry\" AS k WHERE k.\"Request\" = a.\"Request\" ");
                statement.Append(CultureInfo.InvariantCulture, $"AND k.\"Tenant\" = a.\"Tenant\" AND k.\"Event\" IN ({Resolutions}))");
            }

            statement.Append(") AS \"Count\" FROM b");
        }

        return FormattableStringFactory.Create(statement.ToString(), [.. values]);

        string Is(string? value)
        {
            if (value is null)
            {
                return "IS NULL";
            }

            values.Add(value);
            return $"= {{{Text(values.Count - 1)}}}";
        }
    }

    private static string Ticks(DateOnly day) => day.ToDateTime(TimeOnly.MinValue).Ticks.ToString(CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed class Counted
    {
        public int Kind { get; init; }
        public int Bar { get; init; }
        public long Count { get; init; }
    }
}
