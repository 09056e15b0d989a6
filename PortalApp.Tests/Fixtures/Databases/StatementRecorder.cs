using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using PortalApp.Data;

namespace PortalApp.Tests.Fixtures.Databases;

/// <summary>Every statement that goes to one database while this listens, whoever in the portal sends it.</summary>
internal sealed class StatementRecorder : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    /// <summary>The tag of statements that a test itself sends through a portal.</summary>
    public const string Tests = "a test's own";

    private static readonly AsyncLocal<ConcurrentQueue<string>?> Within = new();
    private readonly TestDatabase database;
    private readonly ConcurrentDictionary<string, IReadOnlyList<(string, object?)>> statements = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<IDisposable> subscriptions = [];

    /// <summary>For how long each context of the pool remembers that nobody listened.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(1.1);

    /// <summary>Returns once it hears the portal, whichever context of the pool speaks.</summary>
    public static async Task<StatementRecorder> StartAsync(TestDatabase database, Func<Func<PortalDb, Task<int>>, Task<int>> withDb)
    {
        const string probe = "SELECT 1";
        var recorder = new StatementRecorder(database);
        var listening = Stopwatch.StartNew();
        await Eventually.TrueAsync(
            async () =>
            {
                await withDb(db => db.Database.ExecuteSqlRawAsync(probe));
                return recorder.statements.ContainsKey(probe) && listening.Elapsed > Memory;
            },
            TimeSpan.FromSeconds(10),
            "the recorder to hear the portal"
        );
        recorder.statements.Clear();
        return recorder;
    }

    private StatementRecorder(TestDatabase database)
    {
        this.database = database;
        subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));
    }

    /// <summary>Each text once, with the values that it had first.</summary>
    public IReadOnlyCollection<RecordedStatement> Statements =>
        [
            .. statements.SelectMany(s =>
                s.Key.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                    .Select(text => new RecordedStatement(text, s.Value))
            ),
        ];

    /// <summary>The statements of this work in their order, and of nothing that goes on beside it.</summary>
    public static async Task<IReadOnlyList<string>> OfAsync(Func<Task> work)
    {
        var sent = Within.Value = [];
        await work();
        Within.Value = null;
        return [.. sent];
    }

    public void OnNext(DiagnosticListener value)
    {
        if (value.Name == DbLoggerCategory.Name)
        {
            subscriptions.Add(value.Subscribe(this, name => name == RelationalEventId.CommandExecuting.Name));
        }
    }

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (
            value.Value is CommandEventData { Command: { Connection: { } connection } command }
            && database.IsBehind(connection)
            && !command.CommandText.StartsWith($"-- {Tests}", StringComparison.Ordinal)
        )
        {
            Within.Value?.Enqueue(command.CommandText);
            statements.TryAdd(
                command.CommandText,
                [.. command.Parameters.Cast<System.Data.Common.DbParameter>().Select(p => (p.ParameterName, p.Value))]
            );
        }
    }

    public void OnCompleted() { }

    public void OnError(Exception error) { }

    public void Dispose()
    {
        foreach (var subscription in subscriptions)
        {
            subscription.Dispose();
        }
    }
}

/// <param name="Text">One statement.</param>
internal sealed record RecordedStatement(string Text, IReadOnlyList<(string Name, object? Value)> Values);
