using System.Collections.Concurrent;
using System.Text.Json;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Benchmarks;

/// <summary>Sees each message that the portal puts into its outbox folder once, without asking the portal.</summary>
internal sealed class OutboxWatch : IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> waiting = new(StringComparer.Ordinal);
    private readonly FileSystemWatcher watcher;

    public OutboxWatch(string folder)
    {
        Directory.CreateDirectory(folder);
        watcher = new(folder, "*.json");
        watcher.Renamed += (_, file) => Read(file.FullPath);
        watcher.EnableRaisingEvents = true;
    }

    public Task<string> NextCodeTo(string address)
    {
        var next = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[address] = next;
        return next.Task;
    }

    public void Dispose() => watcher.Dispose();

    private void Read(string file)
    {
        var kept = JsonSerializer.Deserialize<OutboxMessage>(File.ReadAllBytes(file), JsonSerializerOptions.Web)!;
        var code = kept
            .Text.Split('\n')
            .Select(line => line.Trim())
            .FirstOrDefault(line => line.Length == 8 && line.All(char.IsAsciiDigit));
        if (code is not null && waiting.TryRemove(kept.To, out var next))
        {
            next.SetResult(code);
        }
    }
}
