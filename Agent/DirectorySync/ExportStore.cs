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

        return new(run, number, waiting.Count <= BatchSize, connector, [.. waiting.Take(BatchSize)]);
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

        connection.Run(
            $"""
            UPDATE export SET number = {batch.Number + 1}, after = {batch.Objects[^1].SourceAnchor}
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

    private static IEnumerable<SyncObject> Waiting(SqliteConnection connection, string connector, string after, ExportScope scope) =>
        connection
            .Read(
                $"""
                SELECT p.source_anchor, p.upn, p.display_name, p.mobile_phone, p.office_phone, p.mail, c.answered, c.error FROM cloud_object c
                JOIN link l ON l.space = {(int)ConnectorSpace.Cloud} AND l.connector = c.connector AND l.source_anchor = c.source_anchor
                JOIN person p ON p.id = l.person
                WHERE c.connector = {connector} AND c.source_anchor > {after} ORDER BY c.source_anchor
                """
            )
            .Select(row =>
                (
                    Object: new SyncObject(row.GetString(0), row.GetString(1), row.Text(2), row.Text(3), row.Text(4), row.Text(5)),
                    Answered: row.Text(6),
                    Refused: !row.IsDBNull(7)
                )
            )
            .Where(held =>
                scope == ExportScope.Whole
                || (scope == ExportScope.ChangedAndRefused && held.Refused)
                || held.Answered != FingerprintOf(held.Object)
            )
            .Select(held => held.Object);

    /// <summary>Says whether the portal answered for these very values.</summary>
    private static string FingerprintOf(SyncObject sent) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(sent))));
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
