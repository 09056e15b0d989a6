using Microsoft.Extensions.Logging;
using Portal.DirectorySync;

namespace Agent.DirectorySync;

/// <summary>Every person of the forest within the agent's scopes; throws <see cref="IOException"/> when the directory is lost on the way.</summary>
internal delegate IAsyncEnumerable<ForestReading> ReadForest(CancellationToken cancellation);

/// <summary>Hands a batch to the portal; null where it was not reached.</summary>
internal delegate Task<SyncReport?> SendBatch(SyncBatch batch, CancellationToken cancellation);

/// <summary>What came of one run.</summary>
internal abstract record SyncOutcome
{
    private SyncOutcome() { }

    public sealed record Completed(ImportCounts Imported, ExportCounts Exported) : SyncOutcome;

    /// <summary>The directory was not read whole; links and people stay as they were.</summary>
    public sealed record NotImported(string Why) : SyncOutcome;

    /// <summary>The portal was lost on the way; the next run goes on there.</summary>
    public sealed record NotExported(ImportCounts Imported) : SyncOutcome;
}

/// <summary>One run: full import, rules, export.</summary>
internal sealed class SyncRun(
    string connector,
    ReadForest readForest,
    SendBatch send,
    ImportStore imports,
    ExportStore exports,
    ILogger<SyncRun> logger
)
{
    public async Task<SyncOutcome> RunAsync(ExportScope scope, CancellationToken cancellation)
    {
        ImportCounts imported;
        try
        {
            imported = await imports.ImportAsync(connector, readForest(cancellation), cancellation);
        }
        catch (IOException e)
        {
            return new SyncOutcome.NotImported(e.Message);
        }

        if (imported.Nothing is { } why)
        {
            return new SyncOutcome.NotImported(why);
        }

        if (imported.Kept is { } kept)
        {
            logger.NobodyLetGo(kept);
        }

        exports.Begin(connector, scope);
        var exported = new ExportCounts(0, 0);
        while (exports.Next(connector) is { } batch)
        {
            if (await send(batch, cancellation) is not { } report)
            {
                return new SyncOutcome.NotExported(imported);
            }

            exported += Keep(batch, report);
        }

        return new SyncOutcome.Completed(imported, exported);
    }

    private ExportCounts Keep(SyncBatch batch, SyncReport report)
    {
        foreach (var refused in report.Results.Where(result => result.Error is not null))
        {
            logger.ObjectRefused(refused.SourceAnchor, refused.Error!);
        }

        return exports.Keep(batch, report);
    }
}
