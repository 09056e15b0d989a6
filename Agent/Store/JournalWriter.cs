using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Agent.Store;

/// <summary>
/// The journal's one writer: what waits when the disk becomes free goes into one transaction, so that eight requests cost one flush.
/// A call returns when its line is on the disk, and throws when it is not.
/// </summary>
internal sealed class JournalWriter : IDisposable
{
    private const int MostTogether = 128;
    private readonly BlockingCollection<Line> waiting = [];
    private readonly SqliteConnection connection;
    private readonly Task loop;
    private bool flushes = true;

    public JournalWriter(SqliteConnection connection)
    {
        this.connection = connection;
        loop = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    /// <returns>How many rows it changed.</returns>
    /// <exception cref="SqliteException">It is not on the disk.</exception>
    public Task<int> WriteAsync(string sql, params IReadOnlyList<(string Name, object? Value)> values) => AddAsync(sql, values, true);

    /// <summary>As <see cref="WriteAsync"/>, but a power cut may take it back as long as nothing was written after it; a crash of this process may not.</summary>
    public Task<int> NoteAsync(string sql, params IReadOnlyList<(string Name, object? Value)> values) => AddAsync(sql, values, false);

    private Task<int> AddAsync(string sql, IReadOnlyList<(string Name, object? Value)> values, bool flushed)
    {
        var line = new Line(sql, values, flushed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        waiting.Add(line);
        return line.Written.Task;
    }

    public void Dispose()
    {
        waiting.CompleteAdding();
        loop.Wait();
        waiting.Dispose();
        connection.Dispose();
    }

    private void Run()
    {
        foreach (var first in waiting.GetConsumingEnumerable())
        {
            var lines = new List<Line> { first };
            while (lines.Count < MostTogether && waiting.TryTake(out var next))
            {
                lines.Add(next);
            }

            Commit(lines);
        }
    }

    private void Commit(List<Line> lines)
    {
        try
        {
            Flush(lines.Exists(line => line.Flushed));
            using var transaction = connection.BeginTransaction(deferred: false);
            var changed = lines.ConvertAll(line => Execute(line, transaction));
            transaction.Commit();
            for (var i = 0; i < lines.Count; i++)
            {
                lines[i].Written.SetResult(changed[i]);
            }
        }
        catch (Exception e)
        {
            lines.ForEach(line => line.Written.TrySetException(e));
        }
    }

    private void Flush(bool flushed)
    {
        if (flushed != flushes)
        {
            connection.Run(flushed ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            flushes = flushed;
        }
    }

    private int Execute(Line line, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = line.Sql;
        foreach (var (name, value) in line.Values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command.ExecuteNonQuery();
    }

    private sealed record Line(
        string Sql,
        IReadOnlyList<(string Name, object? Value)> Values,
        bool Flushed,
        TaskCompletionSource<int> Written
    );
}
