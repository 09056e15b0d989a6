using Microsoft.EntityFrameworkCore;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users.Groups;

namespace PortalApp.DirectorySync;

/// <summary>Takes the groups of a batch, each whole or not at all, and tells of each what came of it.</summary>
internal sealed class GroupImport(IDbContextFactory<PortalDb> databases, SyncedGroups groups)
{
    /// <summary>Of all groups of a batch.</summary>
    public const int MaxMembers = 2000;

    /// <returns>Null where the batch speaks of no groups.</returns>
    public async Task<IReadOnlyList<SyncGroupResult>?> ImportAsync(
        TenantId tenant,
        string agent,
        SyncBatch batch,
        CancellationToken cancellation
    )
    {
        if (batch is { Groups: null, GoneGroups: null })
        {
            return null;
        }

        var (source, by) = ((tenant, batch.Connector), Actor.Agent(agent));
        if (batch.GoneGroups is { Count: > 0 } gone)
        {
            await databases.ChangeAsync<int>(
                async db =>
                {
                    await groups.LetGoAsync(db, source, gone, by, cancellation);
                    return new ChangeOutcome<int>.Done(gone.Count);
                },
                cancellation
            );
        }

        var results = new List<SyncGroupResult>();
        foreach (var group in batch.Groups ?? [])
        {
            results.Add(new(group.SourceAnchor, await TakeAsync(source, group, by, cancellation)));
        }

        return results;
    }

    private async Task<string?> TakeAsync((TenantId, string) source, SyncGroup group, Actor by, CancellationToken cancellation)
    {
        if (!SyncImport.IsAnchor(group.SourceAnchor))
        {
            return SyncErrors.NoAnchor;
        }

        if (string.IsNullOrWhiteSpace(group.Name))
        {
            return SyncErrors.NoGroupName;
        }

        await databases.ChangeAsync<int>(
            async db =>
            {
                var told = new ToldGroup(group.SourceAnchor, group.Name, group.Members, group.After, group.Through);
                await groups.TakeAsync(db, source, told, by, cancellation);
                return new ChangeOutcome<int>.Done(0);
            },
            cancellation
        );
        return null;
    }
}
