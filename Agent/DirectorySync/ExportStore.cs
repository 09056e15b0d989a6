using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Agent.DirectorySync.Links;
using Microsoft.Data.Sqlite;
using Portal.DirectorySync;

namespace Agent.DirectorySync;

/// <summary>
/// What has still to reach the portal, batch by batch, and what it answered. The position is on disk: an export that was cut goes on where it
/// was, and the batch whose answer was lost is sent again.
/// </summary>
internal sealed class ExportStore(SyncDatabase database)
{
    /// <summary>Objects; of the largest size they still fit into one call.</summary>
    public const int BatchSize = 200;

    /// <summary>In the place of a fingerprint: the portal was told that the account is gone.</summary>
    private const string ToldGone = "gone";

    /// <summary>Goes on with the export that is under way, or begins one.</summary>
    public void Begin(string connector, ExportScope scope)
    {
        using var connection = database.Open();
        var run = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        connection.Run($"INSERT OR IGNORE INTO export VALUES ({connector}, {run}, 0, '', {(int)scope})");
    }

    /// <summary>The same batch until its answer was kept; null when nothing is left, which ends the export: the connector space is filled.</summary>
    public SyncBatch? Next(string connector)
    {
        using var connection = database.Open();
        var position = connection
            .Read($"SELECT run, number, after, scope FROM export WHERE connector = {connector}")
            .Select(row => (Run: row.GetString(0), Number: row.GetInt32(1), After: row.GetString(2), Scope: (ExportScope)row.GetInt32(3)))
            .ToList();
        if (position is not [var (run, number, after, scope)])
        {
            return null;
        }

        var waiting = Waiting(connection, connector, after, scope).Take(BatchSize + 1).ToList();
        if (waiting.Count == 0)
        {
            using var transaction = connection.BeginTransaction();
            connection.Run($"DELETE FROM export WHERE connector = {connector}");
            connection.Run($"INSERT OR IGNORE INTO filled VALUES ({connector})");
            transaction.Commit();
            return null;
        }

        var batch = waiting.Take(BatchSize).ToList();
        string[] gone = [.. batch.Where(change => change.Object is null).Select(change => change.SourceAnchor)];
        return new(
            run,
            number,
            waiting.Count <= BatchSize,
            connector,
            [.. batch.Select(change => change.Object).OfType<SyncObject>()],
            gone.Length > 0 ? gone : null
        );
    }

    /// <summary>Keeps each object's anchor or error and moves on.</summary>
    public ExportCounts Keep(SyncBatch batch, SyncReport report)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        var answers = report.Results.GroupBy(result => result.SourceAnchor).ToDictionary(group => group.Key, group => group.First());
        var counts = new ExportCounts(0, 0);
        foreach (var sent in batch.Objects)
        {
            counts += Keep(connection, batch.Connector, sent, answers.GetValueOrDefault(sent.SourceAnchor));
        }

        foreach (var gone in batch.Gone ?? [])
        {
            connection.Run(
                $"""
                UPDATE cloud_object SET answered = {ToldGone}, error = NULL
                WHERE connector = {batch.Connector} AND source_anchor = {gone}
                """
            );
        }

        var last = batch.Objects.Select(sent => sent.SourceAnchor).Concat(batch.Gone ?? []).Max(StringComparer.Ordinal);
        connection.Run(
            $"""
            UPDATE export SET number = {batch.Number + 1}, after = {last}
            WHERE connector = {batch.Connector} AND run = {batch.Run}
            """
        );
        transaction.Commit();
        return counts;
    }

    private static ExportCounts Keep(SqliteConnection connection, string connector, SyncObject sent, SyncObjectResult? answer)
    {
        var error = answer switch
        {
            null => "The portal did not answer for this object.",
            { CloudAnchor: null } => answer.Error ?? "The portal gave neither a cloud anchor nor a reason.",
            _ when IsHeldByAnother(connection, connector, sent, answer.CloudAnchor) =>
                "The portal gave a cloud anchor that is another object's.",
            _ => null,
        };
        if (error is not null)
        {
            connection.Run(
                $"""
                UPDATE cloud_object SET error = {error}, answered = {(answer is null ? null : FingerprintOf(sent))}
                WHERE connector = {connector} AND source_anchor = {sent.SourceAnchor}
                """
            );
            return new(0, 1);
        }

        connection.Run(
            $"""
            UPDATE cloud_object SET cloud_anchor = {answer!.CloudAnchor}, error = NULL, answered = {FingerprintOf(sent)}
            WHERE connector = {connector} AND source_anchor = {sent.SourceAnchor}
            """
        );
        return new(1, 0);
    }

    private static bool IsHeldByAnother(SqliteConnection connection, string connector, SyncObject sent, string anchor) =>
        connection
            .Read(
                $"""
                SELECT 1 FROM cloud_object
                WHERE cloud_anchor = {anchor} AND NOT (connector = {connector} AND source_anchor = {sent.SourceAnchor})
                """
            )
            .Any();

    private static IEnumerable<Change> Waiting(SqliteConnection connection, string connector, string after, ExportScope scope) =>
        connection
            .Read(
                $"""
                SELECT c.source_anchor, p.upn, p.display_name, p.mobile_phone, p.office_phone, p.mail, c.answered, c.error, p.credential FROM cloud_object c
                LEFT JOIN link l ON l.space = {(int)
                    ConnectorSpace.Cloud} AND l.connector = c.connector AND l.source_anchor = c.source_anchor
                LEFT JOIN person p ON p.id = l.person
                WHERE c.connector = {connector} AND c.source_anchor > {after} AND (p.id IS NOT NULL OR NOT EXISTS (
                    SELECT 1 FROM forest_object o WHERE o.connector = c.connector AND o.source_anchor = c.source_anchor))
                ORDER BY c.source_anchor
                """
            )
            .Select(row =>
                (
                    Change: new Change(row.GetString(0), row.Text(1) is { } name ? Read(row, name) : null),
                    Answered: row.Text(6),
                    Refused: !row.IsDBNull(7)
                )
            )
            .Where(held =>
                scope == ExportScope.Whole
                || (scope == ExportScope.ChangedAndRefused && held.Refused)
                || held.Answered != (held.Change.Object is { } there ? FingerprintOf(there) : ToldGone)
            )
            .Select(held => held.Change);

    private static SyncObject Read(SqliteDataReader row, string name) =>
        new(
            row.GetString(0),
            name,
            row.Text(2),
            row.Text(3),
            row.Text(4),
            row.Text(5),
            row.Text(8) is { } credential ? JsonSerializer.Deserialize<AccountCredential>(credential) : null
        );

    /// <summary>Says whether the portal answered for these very values.</summary>
    private static string FingerprintOf(SyncObject sent) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(sent))));

    /// <param name="Object">Null: the directory no longer has the account. One that is there, and that no rule joins any more, is no change.</param>
    private sealed record Change(string SourceAnchor, SyncObject? Object);
}

internal enum ExportScope
{
    Changed = 0,

    /// <summary>An administrator may have removed the portal's reason.</summary>
    ChangedAndRefused = 1,

    /// <summary>Everybody: heals a portal that was restored from a backup.</summary>
    Whole = 2,
}

internal sealed record ExportCounts(int Confirmed, int Refused)
{
    public static ExportCounts operator +(ExportCounts one, ExportCounts other) =>
        new(one.Confirmed + other.Confirmed, one.Refused + other.Refused);
}
