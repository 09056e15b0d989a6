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

    private static readonly ContactField[] Email = [ContactField.AlternateEmailAddresses, ContactField.AuthenticationEmail];
    private static readonly ContactField[] Mobile = [ContactField.MobilePhone, ContactField.AuthenticationPhone];
    private static readonly ContactField[] Office = [ContactField.PhoneNumber];

    /// <summary>The directory's own mailbox is for notices alone, and fills none of them.</summary>
    private static readonly Dictionary<string, ContactField[]> Gaps = new()
    {
        ["NoContact"] = [.. Email, .. Mobile, .. Office],
        ["NoEmail"] = Email,
        ["NoMobile"] = Mobile,
        ["NoOffice"] = Office,
    };

    public override string Name => "contacts";

    public override IReadOnlyList<string> Choices => [.. Gaps.Keys];

    public override IReadOnlyList<ReportColumn> Columns => [new("ColumnPerson"), new("ColumnUserId"), new("ColumnHasFields")];

    public override async Task<ReportShown> ShowAsync(TenantId tenant, ReportQuery query, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var all = await People(db, tenant).CountAsync(cancellation);
        List<ReportLine> lines = [];
        var without = 0;
        foreach (var (key, fields) in Gaps)
        {
            var count = await People(db, tenant).CountAsync(HasNone(tenant, fields), cancellation);
            without = key == "NoContact" ? count : without;
            lines.Add(new([new Cell.Said($"Choice{key}"), new Cell.Number(count), new Cell.Share(count, all)]));
        }

        var unreadable = (await standings.ListAsync(tenant, cancellation)).Sum(s => s.Read()?.Unreadable.Count ?? 0);
        lines.Add(new([new Cell.Said("Unreadable"), new Cell.Number(unreadable), new Cell.Share(unreadable, all)]));
        var refused = await counts.OfAsync(tenant, Impossible, query with { Why = null }, cancellation);
        return new(
            new("LeadContacts", without, all),
            BarCounts.Chart(
                query,
                "ChartContacts",
                ["RefusedSeries", "NotServedSeries"],
                [.. Impossible.Select(i => refused.Where(r => r.Event == i).Select(r => r.OfBars).ToList())]
            ),
            [new("TableGaps", [new("ColumnGap"), new("ColumnPeople", IsNumber: true), new("ColumnShare", IsNumber: true)], lines)],
            await People(db, tenant).CountAsync(GapOf(tenant, query), cancellation)
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
            .Where(GapOf(tenant, query))
            .OrderBy(u => u.Contacts.Any(c => c.Tenant == tenant))
            .ThenBy(u => u.UserPrincipalName)
            .Skip(window.Skip)
            .Select(u => new
            {
                u.Id,
                u.DisplayName,
                u.UserPrincipalName,
                Has = new[]
                {
                    u.Contacts.Any(c => c.Tenant == tenant && c.Field == ContactField.PhoneNumber),
                    u.Contacts.Any(c => c.Tenant == tenant && c.Field == ContactField.MobilePhone),
                    u.Contacts.Any(c => c.Tenant == tenant && c.Field == ContactField.AuthenticationPhone),
                    u.Contacts.Any(c => c.Tenant == tenant && c.Field == ContactField.AlternateEmailAddresses),
                    u.Contacts.Any(c => c.Tenant == tenant && c.Field == ContactField.AuthenticationEmail),
                    u.Contacts.Any(c => c.Tenant == tenant && c.Field == ContactField.DirectoryMail),
                },
            });
        found = window.Take is { } take ? found.Take(take) : found;
        await foreach (var user in found.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            yield return
            [
                new Cell.Person(user.Id, user.DisplayName ?? user.UserPrincipalName),
                new Cell.Text(user.UserPrincipalName),
                new Cell.Fields([.. Enum.GetValues<ContactField>().Where(field => user.Has[(int)field])]),
            ];
        }
    }

    /// <summary>Whoever lacks something, unless one gap is asked for.</summary>
    private static Expression<Func<User, bool>> GapOf(TenantId tenant, ReportQuery query) =>
        query.Choice is { } choice
            ? HasNone(tenant, Gaps[choice])
            : u =>
                !u.Contacts.Any(c => c.Tenant == tenant && Email.Contains(c.Field))
                || !u.Contacts.Any(c => c.Tenant == tenant && Mobile.Contains(c.Field))
                || !u.Contacts.Any(c => c.Tenant == tenant && Office.Contains(c.Field));

    /// <summary>The tenant is named although it is the person's own: an index leads with it.</summary>
    private static Expression<Func<User, bool>> HasNone(TenantId tenant, ContactField[] fields) =>
        u => !u.Contacts.Any(c => c.Tenant == tenant && fields.Contains(c.Field));

    private static IQueryable<User> People(PortalDb db, TenantId tenant) =>
        db.Set<User>().AsNoTracking().Where(u => u.Tenant == tenant && u.GoneAt == null);
}
