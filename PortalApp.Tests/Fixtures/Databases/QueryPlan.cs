using System.Data.Common;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Tests.Fixtures.Databases;

/// <summary>What a database would do for a statement, asked of the database itself.</summary>
internal static partial class QueryPlan
{
    /// <summary>The tables, or indexes of tables, that a statement would walk through from end to end.</summary>
    public static Task<IReadOnlyList<string>> ScannedAsync(PortalDb db, RecordedStatement statement) =>
        db is SqlitePortalDb ? OfSqliteAsync(db, statement) : OfPostgreSqlAsync(db, statement);

    private static async Task<IReadOnlyList<string>> OfSqliteAsync(PortalDb db, RecordedStatement statement)
    {
        List<string> scanned = [];
        var tables = db.Model.GetEntityTypes().Select(entity => entity.GetTableName()).ToHashSet();
        await using var command = await CommandAsync(db, "EXPLAIN QUERY PLAN ", statement);
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
        {
            if (Scan().Match(rows.GetString(3)) is { Success: true } scan)
            {
                // What bears the name of no table is the result of a part of the statement.
                var name = scan.Groups["table"].Value;
                var table =
                    Alias().Matches(statement.Text).FirstOrDefault(a => a.Groups["alias"].Value == name)?.Groups["table"].Value ?? name;
                if (tables.Contains(table))
                {
                    scanned.Add(table);
                }
            }
        }

        return scanned;
    }

    /// <summary>With what walks through a table forbidden: on tables as small as a test's it would be the quickest.</summary>
    private static async Task<IReadOnlyList<string>> OfPostgreSqlAsync(PortalDb db, RecordedStatement statement)
    {
        await using (var forbid = await CommandAsync(db, "", new("SET enable_seqscan = off", [])))
        {
            await forbid.ExecuteNonQueryAsync();
        }

        await using var command = await CommandAsync(db, "EXPLAIN (FORMAT JSON) ", statement);
        using var plan = JsonDocument.Parse((string)(await command.ExecuteScalarAsync())!);
        var leading = await db.Database.SqlQueryRaw<string>(LeadingColumns).ToListAsync();
        return [.. Scans(plan.RootElement[0].GetProperty("Plan"), [.. leading])];
    }

    /// <summary>"index column": a condition on a later column alone walks through all of the index.</summary>
    private const string LeadingColumns = """
        SELECT c.relname || ' ' || a.attname AS "Value" FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0]
        """;

    private static IEnumerable<string> Scans(JsonElement node, HashSet<string> leading)
    {
        var kind = node.GetProperty("Node Type").GetString();
        if (kind is "Seq Scan" || (kind is "Index Scan" or "Index Only Scan" or "Bitmap Index Scan" && !Searches(node, leading)))
        {
            yield return node.TryGetProperty("Relation Name", out var table)
                ? table.GetString()!
                : node.GetProperty("Index Name").GetString()!;
        }

        if (node.TryGetProperty("Plans", out var below))
        {
            foreach (var table in below.EnumerateArray().SelectMany(child => Scans(child, leading)))
            {
                yield return table;
            }
        }
    }

    private static bool Searches(JsonElement node, HashSet<string> leading) =>
        node.TryGetProperty("Index Cond", out var condition)
        && leading.Any(l =>
            l.Split(' ') is [var index, var column]
            && index == node.GetProperty("Index Name").GetString()
            && condition.GetString()!.Contains($"\"{column}\"", StringComparison.Ordinal)
        );

    private static async Task<DbCommand> CommandAsync(PortalDb db, string before, RecordedStatement statement)
    {
        await db.Database.OpenConnectionAsync();
        var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandText = before + statement.Text;
        foreach (var (name, value) in statement.Values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    [GeneratedRegex(@"^SCAN (?!CONSTANT ROW)(?<table>\w+)")]
    private static partial Regex Scan();

    [GeneratedRegex(
        """
            "(?<table>\w+)" AS "(?<alias>\w+)"
            """
    )]
    private static partial Regex Alias();
}
