using Microsoft.Data.Sqlite;
using Portal.Writeback;

namespace Agent.DirectorySync.Links;

/// <summary>Follows the links from the cloud to the forest (M13).</summary>
internal sealed class LinkStore(SyncDatabase database)
{
    public const string NoCloudObject = "No object of the cloud's connector space has this cloud anchor.";
    public const string NoPerson = "The cloud object has no link to a person of the metaverse (\"" + SyncRules.CloudUserJoin + "\").";
    public const string NoAccount = "The person has no link to an account of a forest (\"" + SyncRules.UserJoin + "\").";
    public const string NoForestObject = "The account behind the link is not in the forest's connector space.";

    public LinkSearch Find(CloudAnchor anchor)
    {
        using var connection = database.Open();
        if (ObjectOf(connection, anchor) is not var (connector, sourceAnchor))
        {
            return new LinkSearch.Missing(NoCloudObject);
        }

        return PersonOf(connection, connector, sourceAnchor) is { } person ? Account(connection, person) : new LinkSearch.Missing(NoPerson);
    }

    private static (string Connector, string SourceAnchor)? ObjectOf(SqliteConnection connection, CloudAnchor anchor) =>
        connection
            .Read($"SELECT connector, source_anchor FROM cloud_object WHERE cloud_anchor = {anchor.Value}")
            .Select(row => ((string, string)?)(row.GetString(0), row.GetString(1)))
            .FirstOrDefault();

    private static string? PersonOf(SqliteConnection connection, string connector, string sourceAnchor) =>
        connection
            .Read(
                $"""
                SELECT p.id FROM link l JOIN person p ON p.id = l.person
                WHERE l.space = {(int)ConnectorSpace.Cloud} AND l.connector = {connector} AND l.source_anchor = {sourceAnchor}
                    AND l.rule = {SyncRules.CloudUserJoin}
                """
            )
            .Select(row => row.GetString(0))
            .FirstOrDefault();

    private static LinkSearch Account(SqliteConnection connection, string person)
    {
        var links = connection
            .Read(
                $"""
                SELECT l.rule, l.connector, l.source_anchor, o.source_anchor IS NOT NULL FROM link l
                LEFT JOIN forest_object o ON o.connector = l.connector AND o.source_anchor = l.source_anchor
                WHERE l.space = {(int)ConnectorSpace.Forest} AND l.person = {person}
                """
            )
            .Select(row =>
                (Rule: row.GetString(0), Connector: row.GetString(1), Guid: Guid.Parse(row.GetString(2)), IsThere: row.GetBoolean(3))
            )
            .ToList();
        var joined = links.Where(link => link.Rule == SyncRules.UserJoin).ToList();
        var enabled = links.Where(link => link.Rule == SyncRules.UserAccountEnabled).ToList();
        return (joined, enabled) switch
        {
            ({ Count: 0 }, _) => new LinkSearch.Missing(NoAccount),
            (_, [{ IsThere: true } only]) => new LinkSearch.Found(only.Connector, only.Guid),
            ([{ IsThere: true } only], []) => new LinkSearch.DisabledOnly(only.Connector, only.Guid),
            (_, { Count: > 1 }) => new LinkSearch.Several(),
            _ => new LinkSearch.Missing(NoForestObject),
        };
    }
}
