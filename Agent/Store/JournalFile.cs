using Microsoft.Data.Sqlite;

namespace Agent.Store;

/// <summary>The journal's file: SQLite, WAL, every commit flushed to the disk.</summary>
internal static class JournalFile
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    private const string Tables = """
        CREATE TABLE IF NOT EXISTS request (
            id TEXT PRIMARY KEY,
            object TEXT, server TEXT, invocation TEXT, writes_before INTEGER, unlocks INTEGER, intended_at INTEGER, directory_time INTEGER,
            result TEXT, ended_at INTEGER, reported INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS request_open ON request (reported, ended_at);
        CREATE INDEX IF NOT EXISTS request_object ON request (object, intended_at);
        CREATE INDEX IF NOT EXISTS request_intended ON request (intended_at);
        CREATE TABLE IF NOT EXISTS claim (
            request TEXT NOT NULL, attempt_hash TEXT NOT NULL, claimed_at INTEGER NOT NULL, PRIMARY KEY (request, attempt_hash)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS state (one INTEGER PRIMARY KEY CHECK (one = 1), intact INTEGER NOT NULL);
        INSERT OR IGNORE INTO state VALUES (1, 0);
        """;

    /// <summary>Opens the journal; one that is damaged is put aside and made anew, which counts as lost.</summary>
    /// <exception cref="SqliteException">The disk is full, read-only or broken.</exception>
    public static SqliteConnection Open(string path, DateTimeOffset now)
    {
        try
        {
            return OpenSound(path);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is Corrupt or NotADatabase)
        {
            File.Move(path, $"{path}.damaged-{now.ToUnixTimeSeconds()}");
            File.Delete(path + "-wal");
            File.Delete(path + "-shm");
            return OpenSound(path);
        }
    }

    public static SqliteConnection Connect(string path)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ConnectionString);
        try
        {
            connection.Open();
            connection.Run("PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA fullfsync = 1;");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static SqliteConnection OpenSound(string path)
    {
        OwnersFile.Make(path);
        var connection = Connect(path);
        try
        {
            connection.Run("PRAGMA journal_mode = WAL;");
            using var check = connection.CreateCommand();
            check.CommandText = "PRAGMA quick_check;";
            if (check.ExecuteScalar() is not "ok")
            {
                throw new SqliteException("The journal is damaged.", Corrupt);
            }

            connection.Run(Tables);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
