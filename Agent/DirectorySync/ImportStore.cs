using System.Text.Json;
using Agent.DirectorySync.Groups;
using Agent.DirectorySync.Links;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace Agent.DirectorySync;

/// <summary>
/// Brings a full import into the forest's connector space and its links into the metaverse, in one transaction: an import that breaks off
/// changes nothing.
/// </summary>
internal sealed class ImportStore(SyncDatabase database, PhoneFlow phones, ILogger<ImportStore> logger)
{
    private bool toldAll;

    /// <exception cref="IOException">From <paramref name="forest"/>: the directory was lost on the way.</exception>
    public async Task<ImportCounts> ImportAsync(string connector, IAsyncEnumerable<ForestReading> forest, CancellationToken cancellation)
    {
        using var connection = database.Open();
        connection.Run($"CREATE TEMP TABLE IF NOT EXISTS seen (source_anchor TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID");
        connection.Run($"DELETE FROM seen");
        using var transaction = connection.BeginTransaction();
        var before = CountOf(connection, connector);
        var counts = new ImportCounts(0, 0, 0, 0, 0);
        var (untold, doubts, empty) = (new List<JoinedPerson>(), new List<string>(), new List<string>());
        var groups = new List<ForestReading>();
        await foreach (var reading in forest.WithCancellation(cancellation))
        {
            switch (reading)
            {
                case ForestReading.Account(var account):
                    counts += See(connection, account) ? Import(connection, account, untold) : new(0, 0, 0, 0, 0);
                    break;
                case ForestReading.ScopeEmpty(var scope):
                    empty.Add(scope);
                    break;
                case ForestReading.ScopeUnread(var scope, var why):
                    doubts.Add($"directory.scopes: \"{scope}\" was not read: {why}");
                    break;
                default:
                    groups.Add(reading);
                    break;
            }
        }

        // A first import that is not whole would call people "not found" whom nobody looked for.
        if (doubts.Count > 0 && (counts.Accounts == 0 || before == 0))
        {
            return counts with { Nothing = string.Join("; ", doubts) };
        }

        if (counts.Accounts == 0 && before > 0)
        {
            return counts with { Nothing = "not one account was found where there were some before; check scopes and rights" };
        }

        var kept = Leavers.WhyKept(connection, connector, before, doubts, empty);
        counts = counts with { Kept = kept, Gone = kept is null ? Forget(connection, connector) : 0 };
        counts = counts with { OfGroups = string.Join("; ", GroupImport.Take(connection, connector, groups)) };
        transaction.Commit();
        Tell(untold);
        return counts;
    }

    /// <param name="untold">Takes those of whose numbers and addresses an administrator has not heard since this process began or the account was changed.</param>
    private ImportCounts Import(SqliteConnection connection, ForestObject account, List<JoinedPerson> untold)
    {
        var changed = connection.Run(
            $"""
            INSERT INTO forest_object VALUES ({account.Connector}, {account.SourceAnchor}, {account.DistinguishedName},
                {account.UserPrincipalName}, {account.DisplayName}, {account.Mobile}, {account.TelephoneNumber}, {account.AccountControl},
                {account.Mail})
            ON CONFLICT DO UPDATE SET dn = excluded.dn, upn = excluded.upn, display_name = excluded.display_name, mobile = excluded.mobile,
                telephone = excluded.telephone, account_control = excluded.account_control, mail = excluded.mail
            WHERE (dn, upn, display_name, mobile, telephone, account_control, mail) IS NOT
                (excluded.dn, excluded.upn, excluded.display_name, excluded.mobile, excluded.telephone, excluded.account_control,
                excluded.mail)
            """
        );
        var joined = SyncRules.Apply(account, phones);
        Link(connection, account, joined?.Links ?? []);
        if (joined is not null)
        {
            Keep(connection, joined.Person);
        }

        if (joined is { Unusable.Count: > 0 } && (changed == 1 || !toldAll))
        {
            untold.Add(joined);
        }

        return new(1, joined is null ? 0 : 1, account.IsEnabled ? 0 : 1, joined?.Unusable.Count ?? 0, 0);
    }

    /// <summary>Person by person, without the value.</summary>
    private void Tell(List<JoinedPerson> untold)
    {
        toldAll = true;
        foreach (var joined in untold)
        {
            logger.ContactUnusable(string.Join(", ", joined.Unusable), joined.Person.UserPrincipalName);
        }
    }

    /// <summary>The object's links are those that the rules make now; one that a rule no longer makes goes.</summary>
    private static void Link(SqliteConnection connection, ForestObject account, IReadOnlyList<Link> links)
    {
        foreach (var rule in new[] { SyncRules.UserJoin, SyncRules.UserAccountEnabled })
        {
            if (!links.Any(link => link.Rule == rule))
            {
                connection.Run(
                    $"""
                    DELETE FROM link WHERE space = {(int)ConnectorSpace.Forest} AND connector = {account.Connector}
                        AND source_anchor = {account.SourceAnchor} AND rule = {rule}
                    """
                );
            }
        }

        foreach (var link in links)
        {
            connection.Run(
                $"""
                INSERT INTO link VALUES ({(int)link.Space}, {link.Connector}, {link.SourceAnchor}, {link.Person}, {link.Rule})
                ON CONFLICT DO UPDATE SET person = excluded.person WHERE person <> excluded.person
                """
            );
        }
    }

    private static void Keep(SqliteConnection connection, Person person)
    {
        var name = SyncNames.Compared(person.UserPrincipalName);
        var credential = person.Credential is null ? null : JsonSerializer.Serialize(person.Credential);
        connection.Run(
            $"""
            INSERT INTO person VALUES ({person.Id}, {person.Connector}, {person.SourceAnchor}, {person.UserPrincipalName}, {name},
                {person.DisplayName}, {person.MobilePhone}, {person.OfficePhone}, {person.Mail}, {credential})
            ON CONFLICT DO UPDATE SET upn = excluded.upn, name = excluded.name, display_name = excluded.display_name,
                mobile_phone = excluded.mobile_phone, office_phone = excluded.office_phone, mail = excluded.mail,
                credential = excluded.credential
            WHERE (upn, display_name, mobile_phone, office_phone, mail, credential) IS NOT
                (excluded.upn, excluded.display_name, excluded.mobile_phone, excluded.office_phone, excluded.mail, excluded.credential)
            """
        );
        connection.Run(
            $"""
            INSERT INTO cloud_object (connector, source_anchor, name) VALUES ({person.Connector}, {person.SourceAnchor}, {name})
            ON CONFLICT DO UPDATE SET name = excluded.name WHERE name <> excluded.name
            """
        );
    }

    /// <summary>What is no longer in scope loses object, links and person. The cloud object stays: the portal is told of it, and has it again on the day it comes back.</summary>
    private static int Forget(SqliteConnection connection, string connector)
    {
        var gone = connection.Run(
            $"DELETE FROM forest_object WHERE connector = {connector} AND source_anchor NOT IN (SELECT source_anchor FROM seen)"
        );
        connection.Run(
            $"""
            DELETE FROM link WHERE space = {(int)ConnectorSpace.Forest} AND NOT EXISTS (SELECT 1 FROM forest_object o
                WHERE o.connector = link.connector AND o.source_anchor = link.source_anchor)
            """
        );
        connection.Run($"DELETE FROM person WHERE id NOT IN (SELECT person FROM link WHERE space = {(int)ConnectorSpace.Forest})");
        connection.Run($"DELETE FROM link WHERE space = {(int)ConnectorSpace.Cloud} AND person NOT IN (SELECT id FROM person)");
        return gone;
    }

    private static bool See(SqliteConnection connection, ForestObject account) =>
        connection.Run($"INSERT OR IGNORE INTO seen VALUES ({account.SourceAnchor})") == 1;

    private static int CountOf(SqliteConnection connection, string connector) =>
        connection.Read($"SELECT COUNT(*) FROM forest_object WHERE connector = {connector}").Select(row => row.GetInt32(0)).Single();
}

/// <param name="Unusable">Numbers and addresses of those who were joined: there, but not certain, so they flow as none.</param>
/// <param name="Gone">No longer in scope.</param>
internal sealed record ImportCounts(int Accounts, int Joined, int Disabled, int Unusable, int Gone)
{
    /// <summary>Why nothing was changed; null where the import was taken.</summary>
    public string? Nothing { get; init; }

    /// <summary>Why nobody was let go of those who were not found; null where they were.</summary>
    public string? Kept { get; init; }

    /// <summary>What an administrator must hear of the groups; empty where all is well.</summary>
    public string OfGroups { get; init; } = "";

    public static ImportCounts operator +(ImportCounts one, ImportCounts other) =>
        one with
        {
            Accounts = one.Accounts + other.Accounts,
            Joined = one.Joined + other.Joined,
            Disabled = one.Disabled + other.Disabled,
            Unusable = one.Unusable + other.Unusable,
            Gone = one.Gone + other.Gone,
        };
}
