using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace PortalApp.Data;

/// <summary>What a fault of the database means to the operator, in one line that says what to do.</summary>
internal static class DatabaseFault
{
    /// <summary>Null for what is no fault of the database, or none that an operator can mend.</summary>
    public static string? Sentence(Exception? e) =>
        e switch
        {
            SqliteException sqlite => OfSqlite(sqlite),
            PostgresException postgres => OfPostgreSql(postgres),
            NpgsqlException { InnerException: not (SocketException or IOException or TimeoutException) and { } inner } => Sentence(inner)
                ?? $"Portal:ConnectionStringFile: PostgreSQL cannot be used: {e.Message}",
            NpgsqlException =>
                "Portal:ConnectionStringFile: PostgreSQL does not answer at the Host and Port that stand there; start it, or correct them.",
            _ => e?.InnerException is { } inner ? Sentence(inner) : null,
        };

    private static string? OfSqlite(SqliteException e) =>
        e.SqliteErrorCode switch
        {
            5 or 6 => "The database is locked by another program; stop it, or wait, and start again.",
            8 or 14 => "Portal:DataDirectory: the database cannot be opened and written; check that the folder is this user's own.",
            10 or 13 => "Portal:DataDirectory: the disk is full or failing; make room there and start again.",
            11 or 26 => "Portal:DataDirectory: portal.db is damaged or no database; bring it back from its backup.",
            19 => Collided,
            _ => null,
        };

    private static string? OfPostgreSql(PostgresException e) =>
        e.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification =>
                "Portal:ConnectionStringFile: PostgreSQL does not let this Username in with this Password; correct them, or pg_hba.conf.",
            PostgresErrorCodes.InvalidCatalogName =>
                "Portal:ConnectionStringFile: PostgreSQL has no such Database; make it: createdb --owner USERNAME DATABASE.",
            PostgresErrorCodes.InsufficientPrivilege =>
                "Portal:ConnectionStringFile: this Username may not make tables in this Database; make it the database's owner.",
            PostgresErrorCodes.ReadOnlySqlTransaction =>
                "Portal:ConnectionStringFile: this PostgreSQL is read-only, as a standby is; name the one that can be written.",
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.IoError or PostgresErrorCodes.OutOfMemory =>
                "PostgreSQL's disk or memory is full, or failing; make room there and start again.",
            PostgresErrorCodes.TooManyConnections =>
                "PostgreSQL has no connection left; raise its max_connections, or write a lower Maximum Pool Size into Portal:ConnectionStringFile.",
            PostgresErrorCodes.CannotConnectNow or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown =>
                "PostgreSQL is starting or stopping; wait, and start again.",
            PostgresErrorCodes.LockNotAvailable => "The database is locked by another program; stop it, or wait, and start again.",
            PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.ForeignKeyViolation => Collided,
            _ => null,
        };

    private const string Collided = "Another command changed the same thing at this moment; look what is there, and try again.";
}
