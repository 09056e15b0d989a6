using System.Globalization;
using Agent.Store;
using Microsoft.Data.Sqlite;

namespace Agent.DirectorySync;

/// <summary>The file of connector spaces, metaverse and links. All of it can be made anew: from the directory, and by the portal's answers.</summary>
internal sealed class SyncDatabase(string path)
{
    public const string FileName = "sync.db";

    private const string Schema = """
        PRAGMA journal_mode = WAL;
        CREATE TABLE IF NOT EXISTS forest_object (
            connector TEXT NOT NULL, source_anchor TEXT NOT NULL, dn TEXT NOT NULL, upn TEXT, display_name TEXT, mobile TEXT,
            telephone TEXT, account_control INTEGER, PRIMARY KEY (connector, source_anchor)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS person (
            id TEXT NOT NULL PRIMARY KEY, connector TEXT NOT NULL, source_anchor TEXT NOT NULL, upn TEXT NOT NULL, name TEXT NOT NULL,
            display_name TEXT, mobile_phone TEXT, office_phone TEXT) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS person_name ON person (name);
        CREATE TABLE IF NOT EXISTS cloud_object (
            connector TEXT NOT NULL, source_anchor TEXT NOT NULL, name TEXT NOT NULL, cloud_anchor TEXT UNIQUE, answered TEXT, error TEXT,
            PRIMARY KEY (connector, source_anchor)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS link (
            space INTEGER NOT NULL, connector TEXT NOT NULL, source_anchor TEXT NOT NULL, person TEXT NOT NULL, rule TEXT NOT NULL,
            PRIMARY KEY (space, connector, source_anchor, rule)) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS link_person ON link (person);
        CREATE TABLE IF NOT EXISTS export (
            connector TEXT NOT NULL PRIMARY KEY, run TEXT NOT NULL, number INTEGER NOT NULL, after TEXT NOT NULL, scope INTEGER NOT NULL)
            WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS drop_held (
            connector TEXT NOT NULL PRIMARY KEY, missing INTEGER NOT NULL, before INTEGER NOT NULL, allowed INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS held_account (
            connector TEXT NOT NULL, source_anchor TEXT NOT NULL, PRIMARY KEY (connector, source_anchor)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS filled (connector TEXT NOT NULL PRIMARY KEY) WITHOUT ROWID;
        """;

    /// <summary>To a file of each version: what makes it one of the next.</summary>
    private static readonly string[] Steps =
    [
        "ALTER TABLE forest_object ADD COLUMN mail TEXT; ALTER TABLE person ADD COLUMN mail TEXT;",
        """
            CREATE TABLE forest_group (
                connector TEXT NOT NULL, source_anchor TEXT NOT NULL, listed TEXT NOT NULL, dn TEXT NOT NULL, name TEXT NOT NULL,
                PRIMARY KEY (connector, source_anchor)) WITHOUT ROWID;
            CREATE TABLE group_member (
                connector TEXT NOT NULL, group_anchor TEXT NOT NULL, source_anchor TEXT NOT NULL,
                PRIMARY KEY (connector, group_anchor, source_anchor)) WITHOUT ROWID;
            CREATE TABLE cloud_group (
                connector TEXT NOT NULL, source_anchor TEXT NOT NULL, answered TEXT NOT NULL, PRIMARY KEY (connector, source_anchor))
                WITHOUT ROWID;
            CREATE TABLE group_held (
                connector TEXT NOT NULL, source_anchor TEXT NOT NULL, missing INTEGER NOT NULL, before INTEGER NOT NULL,
                allowed INTEGER NOT NULL, PRIMARY KEY (connector, source_anchor)) WITHOUT ROWID;
            """,
        "ALTER TABLE drop_held ADD COLUMN mark TEXT; ALTER TABLE drop_held ADD COLUMN released TEXT;",
        "ALTER TABLE person ADD COLUMN credential TEXT;",
    ];

    private readonly string connectionString = new SqliteConnectionStringBuilder { DataSource = path }.ToString();
    private readonly Lock turn = new();
    private bool ready;

    public string Path => path;

    public SqliteConnection Open()
    {
        lock (turn)
        {
            if (!ready)
            {
                OwnersFile.Make(path);
            }

            var connection = new SqliteConnection(connectionString);
            connection.Open();
            if (!ready)
            {
                Grow(connection);
                ready = true;
            }

            return connection;
        }
    }

    private static void Grow(SqliteConnection connection)
    {
        Execute(connection, Schema);
        using var transaction = connection.BeginTransaction();
        var version = connection.Read($"PRAGMA user_version").Select(row => row.GetInt32(0)).Single();
        foreach (var step in Steps.Skip(version))
        {
            Execute(connection, step);
        }

        Execute(connection, $"PRAGMA user_version = {int.Max(version, Steps.Length)}");
        transaction.Commit();
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

/// <summary>SQL whose holes are parameters, never text.</summary>
internal static class SyncSql
{
    public static SqliteCommand Command(this SqliteConnection connection, FormattableString sql)
    {
        var command = connection.CreateCommand();
        var names = new object[sql.ArgumentCount];
        for (var i = 0; i < names.Length; i++)
        {
            names[i] = $"@p{i}";
            command.Parameters.AddWithValue($"@p{i}", sql.GetArgument(i) ?? DBNull.Value);
        }

        command.CommandText = string.Format(CultureInfo.InvariantCulture, sql.Format, names);
        return command;
    }

    public static int Run(this SqliteConnection connection, FormattableString sql)
    {
        using var command = connection.Command(sql);
        return command.ExecuteNonQuery();
    }

    public static IEnumerable<SqliteDataReader> Read(this SqliteConnection connection, FormattableString sql)
    {
        using var command = connection.Command(sql);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            yield return reader;
        }
    }

    public static string? Text(this SqliteDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
}
