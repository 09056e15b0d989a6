using Agent.Portal;
using Agent.Status;
using Microsoft.Data.Sqlite;
using Portal.DirectorySync;

namespace Agent.DirectorySync;

/// <summary>Tells the portal after each run whom it concerns by name, and takes an administrator's word for a drop that waits.</summary>
internal sealed class StandingReport(
    SyncDatabase database,
    PortalClient portal,
    AgentOptions options,
    AgentStatus status,
    TimeProvider clock
)
{
    /// <returns>Whether a drop waits; and whether it was let go by this answer.</returns>
    public async Task<(bool Waits, bool Released)> TellAsync(CancellationToken cancellation)
    {
        var connector = options.Directory.Connector;
        var standing = Read(connector);
        var answer = await portal.StandingAsync(standing, cancellation);
        if (answer?.Released is not { } mark)
        {
            return (standing.Held is not null, false);
        }

        using var connection = database.Open();
        return (standing.Held is not null, Leavers.Release(connection, connector, mark));
    }

    public SyncStanding Read(string connector)
    {
        using var connection = database.Open();
        var (report, accounts) = (status.Current, CountOf(connection, connector));
        return new(
            connector,
            clock.GetUtcNow(),
            report.SyncCompletedAt,
            Cut(report.SyncProblem),
            accounts,
            Named(Unreadable(connection, connector)),
            Named(Refused(connection, connector)),
            Leavers.Waiting(connection, connector)
        );
    }

    private static int CountOf(SqliteConnection connection, string connector) =>
        connection.Read($"SELECT COUNT(*) FROM forest_object WHERE connector = {connector}").Select(row => row.GetInt32(0)).Single();

    private static IEnumerable<NamedAccount> Unreadable(SqliteConnection connection, string connector) =>
        connection
            .Read(
                $"""
                SELECT p.upn, o.mobile, p.mobile_phone, o.telephone, p.office_phone, o.mail, p.mail FROM person p
                JOIN forest_object o ON o.connector = p.connector AND o.source_anchor = p.source_anchor
                WHERE p.connector = {connector} AND ((o.mobile IS NOT NULL AND p.mobile_phone IS NULL)
                    OR (o.telephone IS NOT NULL AND p.office_phone IS NULL) OR (o.mail IS NOT NULL AND p.mail IS NULL))
                ORDER BY p.name
                """
            )
            .Select(row =>
                (
                    Name: row.GetString(0),
                    Attributes: SyncRules.Unusable((row.Text(1), row.Text(2)), (row.Text(3), row.Text(4)), (row.Text(5), row.Text(6)))
                )
            )
            .Where(person => person.Attributes.Count > 0)
            .Select(person => new NamedAccount(person.Name, string.Join(", ", person.Attributes)));

    private static IEnumerable<NamedAccount> Refused(SqliteConnection connection, string connector) =>
        connection
            .Read(
                $"""
                SELECT COALESCE(o.upn, c.name), c.error FROM cloud_object c
                JOIN forest_object o ON o.connector = c.connector AND o.source_anchor = c.source_anchor
                WHERE c.connector = {connector} AND c.error IS NOT NULL ORDER BY c.name
                """
            )
            .Select(row => new NamedAccount(row.GetString(0), row.GetString(1)));

    private static NamedAccounts Named(IEnumerable<NamedAccount> all)
    {
        var (count, first) = (0, new List<NamedAccount>());
        foreach (var one in all)
        {
            if (count++ < SyncStanding.MostNamed)
            {
                first.Add(new(Cut(one.Name)!, Cut(one.What)!));
            }
        }

        return new(count, first);
    }

    private static string? Cut(string? text) => text is { Length: > SyncStanding.MaxText } ? text[..SyncStanding.MaxText] : text;
}
