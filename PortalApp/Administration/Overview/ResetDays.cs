using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Administration.Overview;

/// <param name="Refused">What ended in no new password.</param>
internal sealed record ResetsOfDay(DateOnly Day, int Done, int Refused);

/// <summary>How the resets of some days ended, counted in the database.</summary>
internal static class ResetDays
{
    /// <summary>A row a day, the oldest first; days are of UTC.</summary>
    public static async Task<IReadOnlyList<ResetsOfDay>> OfAsync(
        PortalDb db,
        TenantId tenant,
        DateOnly today,
        int days,
        CancellationToken cancellation
    )
    {
        DateTimeOffset[] begins =
        [
            .. Enumerable.Range(1 - days, days).Select(back => new DateTimeOffset(today.AddDays(back), TimeOnly.MinValue, TimeSpan.Zero)),
        ];
        var done = await CountAsync([AuditEventId.ResetDone]);
        var refused = await CountAsync([AuditEventId.ResetFailed, AuditEventId.ResetRefused]);
        return
        [
            .. begins.Select(
                (begin, day) =>
                    new ResetsOfDay(DateOnly.FromDateTime(begin.Date), done.GetValueOrDefault(day), refused.GetValueOrDefault(day))
            ),
        ];

        Task<Dictionary<int, int>> CountAsync(AuditEventId[] events) =>
            db.Set<AuditEntry>()
                .Where(a => a.Tenant == tenant && events.Contains(a.Event) && a.At >= begins[0])
                .GroupBy(DayOf(begins))
                .Select(of => new { of.Key, Count = of.Count() })
                .ToDictionaryAsync(of => of.Key, of => of.Count, cancellation);
    }

    /// <summary>Which of them an entry is of: neither database is asked for the day of a time, as both keep ticks.</summary>
    private static Expression<Func<AuditEntry, int>> DayOf(DateTimeOffset[] begins)
    {
        var entry = Expression.Parameter(typeof(AuditEntry));
        var at = Expression.Property(entry, nameof(AuditEntry.At));
        return Expression.Lambda<Func<AuditEntry, int>>(Between(0, begins.Length - 1), entry);

        Expression Between(int first, int last)
        {
            if (first == last)
            {
                return Expression.Constant(first);
            }

            var middle = (first + last + 1) / 2;
            return Expression.Condition(
                Expression.GreaterThanOrEqual(at, Expression.Constant(begins[middle])),
                Between(middle, last),
                Between(first, middle - 1)
            );
        }
    }
}
