using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Reports;

/// <summary>Whom no code reaches, before the day that they need one, and numbers that nobody can call.</summary>
internal sealed class ContactsReport(AuditCounts counts, SyncStandings standings, IDbContextFactory<PortalDb> databases) : Report
{
    private static readonly AuditEventId[] Impossible = [AuditEventId.SyncObjectRefused, AuditEventId.NumberNotServed];

    private static readonly Dictionary<string, Expression<Func<User, bool>>> Gaps = new()
    {
        ["NoContact"] = u => !u.Contacts.Any(),
        ["NoEmail"] = u => !u.Contacts.Any(c => c.Field == ContactField.AlternateEmailAddresses),
        ["NoMobile"] = u => !u.Contacts.Any(c => c.Field == ContactField.MobilePhone),
        ["NoOffice"] = u => !u.Contacts.Any(c => c.Field == ContactField.PhoneNumber),
    };

    public override string Name => "contacts";

    public override IReadOnlyList<string> Choices => [.. Gaps.Keys];

    public override IReadOnlyList<ReportColumn> Columns => [new("ColumnPerson"), new("ColumnUserId"), new("ColumnHasFields")];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var all = await People(db, tenant).CountAsync(cancellation);
        List<ReportLine> lines = [];
        foreach (var (key, gap) in Gaps)
        {
            var count = await People(db, tenant).CountAsync(gap, cancellation);
            lines.Add(new([new Cell.Said($"Choice{key}"), new Cell.Number(count), new Cell.Share(count, all)]));
        }

        var unreadable = (await standings.ListAsync(tenant, cancellation)).Sum(s => s.Read()?.Unreadable.Count ?? 0);
        lines.Add(new([new Cell.Said("Unreadable"), new Cell.Number(unreadable), new Cell.Share(unreadable, all)]));
        var refused = await counts.OfAsync(tenant, Impossible, query with { Why = null }, cancellation);
        return new(
            new("LeadContacts", await People(db, tenant).CountAsync(Gaps["NoContact"], cancellation), all),
            BarCounts.Chart(
                query,
                "ChartContacts",
                ["RefusedSeries", "NotServedSeries"],
                [.. Impossible.Select(i => refused.Where(r => r.Event == i).Select(r => r.OfBars).ToList())]
            ),
            [new("TableGaps", [new("ColumnGap"), new("ColumnPeople", IsNumber: true), new("ColumnShare", IsNumber: true)], lines)],
            await People(db, tenant).CountAsync(GapOf(query), cancellation)
        );
    }

    public override async IAsyncEnumerable<IReadOnlyList<Cell>> RowsAsync(
        TenantId tenant,
        ReportQuery query,
        RowWindow window,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var found = People(db, tenant)
            .Where(GapOf(query))
            .Include(u => u.Contacts)
            .OrderBy(u => u.Contacts.Any())
            .ThenBy(u => u.UserPrincipalName)
            .Skip(window.Skip);
        found = window.Take is { } take ? found.Take(take) : found;
        await foreach (var user in found.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return
            [
                new Cell.Person(user.Id, user.DisplayName ?? user.UserPrincipalName),
                new Cell.Text(user.UserPrincipalName),
                new Cell.Fields([.. user.Contacts.Select(c => c.Field).Distinct().Order()]),
            ];
        }
    }

    /// <summary>Whoever lacks something, unless one gap is asked for.</summary>
    private static Expression<Func<User, bool>> GapOf(ReportQuery query) =>
        query.Choice is { } choice
            ? Gaps[choice]
            : u =>
                !u.Contacts.Any(c => c.Field == ContactField.AlternateEmailAddresses)
                || !u.Contacts.Any(c => c.Field == ContactField.MobilePhone)
                || !u.Contacts.Any(c => c.Field == ContactField.PhoneNumber);

    private static IQueryable<User> People(PortalDb db, TenantId tenant) =>
        db.Set<User>().AsNoTracking().Where(u => u.Tenant == tenant && u.GoneAt == null);
}
