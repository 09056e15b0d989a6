using System.Text.Json;
using Microsoft.Data.Sqlite;
using Portal.Writeback;

namespace Agent.Store;

/// <summary>
/// What was intended and what came of it, so that outcomes stay true over a crash ("At most once, and never misreported"). Holds no password and
/// no attempt.
/// </summary>
internal sealed class Journal : IDisposable
{
    private const string Columns =
        "id, object, server, invocation, writes_before, unlocks, intended_at, directory_time, result, reported FROM request";

    /// <summary>What the column <c>unlocks</c> says; an older agent knows the first alone.</summary>
    private const int UnlocksBit = 1;
    private const int KeepsPasswordBit = 2;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(30);
    private readonly TimeProvider clock;
    private readonly JournalWriter writer;
    private readonly SqliteConnection reading;
    private readonly Lock oneReader = new();

    /// <exception cref="SqliteException">The disk is full, read-only or broken.</exception>
    public Journal(AgentFolder folder, TimeProvider clock)
    {
        System.IO.Directory.CreateDirectory(folder.Path);
        var path = Path.Combine(folder.Path, "journal.db");
        this.clock = clock;
        var connection = JournalFile.Open(path, clock.GetUtcNow());
        using (var state = connection.CreateCommand())
        {
            state.CommandText = "SELECT intact FROM state";
            IsIntact = state.ExecuteScalar() is 1L;
        }

        writer = new(connection);
        reading = JournalFile.Connect(path);
    }

    /// <summary>
    /// False from the moment a journal is made (first start, loss, damage) until the portal's open requests were answered once: until then "no intent"
    /// proves nothing.
    /// </summary>
    public bool IsIntact { get; private set; }

    public async Task MarkIntactAsync()
    {
        await writer.WriteAsync("UPDATE state SET intact = 1");
        IsIntact = true;
    }

    /// <summary>
    /// That this agent asks for the grant; the intent's flush carries it along. What the portal granted under an attempt that does not stand here
    /// was granted to a copy of this agent (H76).
    /// </summary>
    /// <param name="attemptHash">The attempt itself would let a copy claim with it.</param>
    public Task ClaimAsync(RequestId id, string attemptHash) =>
        writer.NoteAsync(
            "INSERT OR IGNORE INTO claim (request, attempt_hash, claimed_at) VALUES (@id, @attempt, @at)",
            Id(id),
            ("@attempt", attemptHash),
            ("@at", Now())
        );

    public bool HasClaimed(RequestId id, string attemptHash)
    {
        using var turn = oneReader.EnterScope();
        using var command = reading.CreateCommand();
        command.CommandText = "SELECT 1 FROM claim WHERE request = @id AND attempt_hash = @attempt";
        command.Parameters.AddWithValue("@id", id.Value);
        command.Parameters.AddWithValue("@attempt", attemptHash);
        return command.ExecuteScalar() is not null;
    }

    /// <summary>On the disk when it returns.</summary>
    /// <returns>False when this request has an intent or an outcome already: it must not be carried out (again).</returns>
    public async Task<bool> IntendAsync(Intent intent) =>
        await writer.WriteAsync(
            """
            INSERT INTO request (id, object, server, invocation, writes_before, unlocks, intended_at, directory_time)
            VALUES (@id, @object, @server, @invocation, @before, @unlocks, @at, @theirs)
            ON CONFLICT DO NOTHING
            """,
            Id(intent.Id),
            ("@object", intent.ObjectGuid.ToString()),
            ("@server", intent.Server),
            ("@invocation", intent.InvocationId?.ToString()),
            ("@before", intent.WritesBefore),
            ("@unlocks", (intent.Unlocks ? UnlocksBit : 0) | (intent.KeepsPassword ? KeepsPasswordBit : 0)),
            ("@at", intent.At.ToUnixTimeMilliseconds()),
            ("@theirs", intent.DirectoryTime.ToUnixTimeMilliseconds())
        ) == 1;

    /// <summary>On the disk when it returns. Only an Unknown is ever replaced; the outcome is then to be reported (again).</summary>
    /// <returns>False when another outcome stands already.</returns>
    public async Task<bool> EndAsync(RequestId id, WritebackResult result) =>
        await writer.WriteAsync(
            """
            INSERT INTO request (id, result, ended_at) VALUES (@id, @result, @at)
            ON CONFLICT (id) DO UPDATE SET result = @result, ended_at = @at, reported = 0
            WHERE result IS NULL
               OR (json_extract(result, '$.result') = 'unknown' AND json_extract(@result, '$.result') <> 'unknown')
            """,
            ("@id", id.Value),
            ("@result", JsonSerializer.Serialize(result)),
            ("@at", Now())
        ) == 1;

    /// <summary>Not flushed: after a power cut it is reported once more, which changes nothing.</summary>
    public Task MarkReportedAsync(RequestId id) => writer.NoteAsync("UPDATE request SET reported = 1 WHERE id = @id", Id(id));

    public JournalEntry? Find(RequestId id) => Query("WHERE id = @id", ("@id", id.Value)).SingleOrDefault();

    /// <summary>Ended, and the portal does not have it yet.</summary>
    public IReadOnlyList<JournalEntry> Unreported() => Query("WHERE reported = 0 AND result IS NOT NULL ORDER BY ended_at");

    /// <summary>Intended, and nothing known of what came of it; or known to be unknown.</summary>
    public IReadOnlyList<JournalEntry> Unresolved(DateTimeOffset since) =>
        Query(
            """
            WHERE object IS NOT NULL AND intended_at >= @since AND (result IS NULL OR json_extract(result, '$.result') = 'unknown')
            ORDER BY intended_at
            """,
            ("@since", since.ToUnixTimeMilliseconds())
        );

    /// <summary>Whether another request for the same account came to its intent after this one: then the counter no longer tells.</summary>
    public bool HasLater(Intent intent) =>
        Query(
            "WHERE object = @object AND intended_at >= @at AND id <> @id LIMIT 1",
            ("@object", intent.ObjectGuid.ToString()),
            ("@at", intent.At.ToUnixTimeMilliseconds()),
            ("@id", intent.Id.Value)
        ).Count > 0;

    public IReadOnlyList<Intent> IntentsSince(DateTimeOffset since) =>
        [
            .. Query("WHERE intended_at >= @since ORDER BY intended_at", ("@since", since.ToUnixTimeMilliseconds()))
                .Select(entry => entry.Intent)
                .OfType<Intent>(),
        ];

    /// <summary>Drops what ended and was reported a month ago, and claims of that age.</summary>
    public Task TidyAsync() =>
        writer.NoteAsync(
            """
            DELETE FROM request WHERE reported = 1 AND ended_at < @before AND json_extract(result, '$.result') <> 'unknown';
            DELETE FROM claim WHERE claimed_at < @before
            """,
            ("@before", (clock.GetUtcNow() - Kept).ToUnixTimeMilliseconds())
        );

    public void Dispose()
    {
        writer.Dispose();
        reading.Dispose();
    }

    private static (string Name, object Value) Id(RequestId id) => ("@id", id.Value);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private List<JournalEntry> Query(string where, params IReadOnlyList<(string Name, object Value)> values)
    {
        using var turn = oneReader.EnterScope();
        using var command = reading.CreateCommand();
        command.CommandText = $"SELECT {Columns} {where}";
        foreach (var (name, value) in values)
        {
            command.Parameters.AddWithValue(name, value);
        }

        using var reader = command.ExecuteReader();
        var found = new List<JournalEntry>();
        while (reader.Read())
        {
            found.Add(Read(reader));
        }

        return found;
    }

    private static JournalEntry Read(SqliteDataReader row)
    {
        var id = new RequestId(row.GetString(0));
        var intent = row.IsDBNull(1)
            ? null
            : new Intent(
                id,
                Guid.Parse(row.GetString(1)),
                row.GetString(2),
                row.IsDBNull(3) ? null : Guid.Parse(row.GetString(3)),
                row.IsDBNull(4) ? null : (uint)row.GetInt64(4),
                (row.GetInt32(5) & UnlocksBit) != 0,
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(6)),
                DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(7)),
                (row.GetInt32(5) & KeepsPasswordBit) != 0
            );
        var result = row.IsDBNull(8) ? null : JsonSerializer.Deserialize<WritebackResult>(row.GetString(8));
        return new(id, intent, result, row.GetBoolean(9));
    }
}
