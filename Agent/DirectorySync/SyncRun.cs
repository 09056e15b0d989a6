using Agent.DirectorySync.Groups;
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
    GroupStore groups,
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

        if (imported.OfGroups.Length > 0)
        {
            logger.OfGroups(imported.OfGroups);
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

        if (!await SendGroupsAsync(whole: scope == ExportScope.Whole, cancellation))
        {
            return new SyncOutcome.NotExported(imported);
        }

        return new SyncOutcome.Completed(imported, exported);
    }

    /// <summary>After the people who are in them.</summary>
    /// <returns>False where the portal was lost on the way.</returns>
    private async Task<bool> SendGroupsAsync(bool whole, CancellationToken cancellation)
    {
        if (groups.Gone(connector) is { Count: > 0 } gone)
        {
            if (await send(BatchOf(new(), gone), cancellation) is not { } report)
            {
                return false;
            }

            if (report.Groups is not null)
            {
                groups.Forget(connector, gone);
            }
        }

        foreach (var change in groups.Waiting(connector, whole))
        {
            string? error = null;
            foreach (var part in change.Parts())
            {
                if (await send(BatchOf([part]), cancellation) is not { } report)
                {
                    return false;
                }

                error ??= report.Groups is [var answer] ? answer.Error : "The portal did not answer for it; it may be older than groups.";
            }

            Keep(change, error);
        }

        return true;
    }

    private SyncBatch BatchOf(List<SyncGroup> parts, IReadOnlyList<string>? gone = null) =>
        new("groups", 0, Last: true, connector, [], Groups: parts, GoneGroups: gone);

    private void Keep(GroupChange change, string? error)
    {
        if (error is null)
        {
            groups.Keep(connector, change);
        }
        else
        {
            logger.GroupRefused(change.Name, error);
        }
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
