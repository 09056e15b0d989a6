using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.DirectorySync;

/// <summary>Takes a batch of users from an agent, and tells of each object what came of it. A batch that is sent again changes nothing.</summary>
internal sealed class SyncImport(
    IDbContextFactory<PortalDb> databases,
    GroupImport groups,
    ThrottleStore throttle,
    Limits limits,
    AuditLog audit,
    TimeProvider clock
) : IDisposable
{
    public const int MaxObjects = 500;
    public const int SliceObjects = 50;
    private const int MaxAnchorShown = 64;
    private static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(10);
    private readonly SemaphoreSlim oneAtATime = new(1, 1);

    /// <summary>
    /// In slices, each a transaction: SQLite has one writer, and others wait for it no longer than for one of them. Whoever exchanges names with
    /// somebody of the batch stands with them in the first slice, so that nobody is without a name in between.
    /// </summary>
    public async Task<SyncReport> ImportAsync(TenantId tenant, string agent, SyncBatch batch, CancellationToken cancellation)
    {
        var results = new SyncObjectResult[batch.Objects.Count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var gone in (batch.Gone ?? []).Chunk(SliceObjects))
        {
            await LetGoAsync((tenant, batch.Connector), agent, gone, cancellation);
        }

        var movers = await MoversAsync((tenant, batch.Connector), batch.Objects, cancellation);
        var isMoving = batch.Objects.Index().ToLookup(o => movers.Contains(o.Item.SourceAnchor));
        foreach (var slice in isMoving[false].Chunk(SliceObjects).Prepend([.. isMoving[true]]).Where(slice => slice.Length > 0))
        {
            var imported = await ImportSliceAsync(tenant, agent, batch.Connector, [.. slice.Select(o => o.Item)], taken, cancellation);
            foreach (var ((index, _), result) in slice.Zip(imported))
            {
                results[index] = result;
            }

            // Whoever waits for SQLite's writer only looks from time to time whether it is free.
            await Task.Delay(Breath, TimeProvider.System, cancellation);
        }

        return new SyncReport(results, await groups.ImportAsync(tenant, agent, batch, cancellation));
    }

    private async Task LetGoAsync((TenantId, string) source, string agent, string[] anchors, CancellationToken cancellation) =>
        await databases.ChangeAsync<int>(
            async db =>
            {
                var gone = await SyncedUsers.LetGoAsync(db, source, anchors, Actor.Agent(agent), clock.GetUtcNow(), cancellation);
                AuditGone(db, agent, gone);
                return new ChangeOutcome<int>.Done(gone.Count);
            },
            cancellation
        );

    /// <summary>The anchors of the batch whose new name is held by another of the same directory, and of those holders.</summary>
    private async Task<HashSet<string>> MoversAsync(
        (TenantId Tenant, string Connector) source,
        IReadOnlyList<SyncObject> objects,
        CancellationToken cancellation
    )
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var holders = await SyncedUsers.HoldersAsync(db, source, [.. objects.Select(o => o.UserPrincipalName)], cancellation);
        var movers = new HashSet<string>(StringComparer.Ordinal);
        foreach (var entry in objects)
        {
            if (
                UserPrincipalName.TryParse(entry.UserPrincipalName)?.Value is { } name
                && holders.TryGetValue(name, out var holder)
                && holder != entry.SourceAnchor
            )
            {
                movers.Add(entry.SourceAnchor);
                movers.Add(holder);
            }
        }

        return movers;
    }

    private async Task<IReadOnlyList<SyncObjectResult>> ImportSliceAsync(
        TenantId tenant,
        string agent,
        string connector,
        IReadOnlyList<SyncObject> objects,
        HashSet<string> takenBefore,
        CancellationToken cancellation
    )
    {
        await oneAtATime.WaitAsync(cancellation);
        try
        {
            var outcome = await databases.ChangeAsync<(IReadOnlyList<SyncObjectResult> Results, HashSet<string> Taken)>(
                async db =>
                {
                    var taken = new HashSet<string>(takenBefore, StringComparer.Ordinal);
                    return new ChangeOutcome<(IReadOnlyList<SyncObjectResult>, HashSet<string>)>.Done(
                        (await ImportAsync(db, (tenant, connector), agent, objects, taken, cancellation), taken)
                    );
                },
                cancellation
            );
            var (results, after) = ((ChangeOutcome<(IReadOnlyList<SyncObjectResult> Results, HashSet<string> Taken)>.Done)outcome).Value;
            takenBefore.UnionWith(after);
            return results;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    private async Task<IReadOnlyList<SyncObjectResult>> ImportAsync(
        PortalDb db,
        (TenantId Tenant, string Connector) source,
        string agent,
        IReadOnlyList<SyncObject> objects,
        HashSet<string> taken,
        CancellationToken cancellation
    )
    {
        var people = await SyncedUsers.LoadAsync(
            db,
            source,
            [.. objects.Select(o => (o.SourceAnchor, o.UserPrincipalName))],
            Actor.Agent(agent),
            clock.GetUtcNow(),
            cancellation
        );
        await people.GiveWayAsync(
            objects.Where(o => IsAnchor(o.SourceAnchor)).DistinctBy(o => o.SourceAnchor).Select(o => (o.SourceAnchor, o.UserPrincipalName)),
            cancellation
        );
        var results = objects.Select(entry => Take(entry, people, taken)).ToList();
        await AuditAsync(db, source.Tenant, agent, results, cancellation);
        AuditNameless(db, agent, people);
        return results;
    }

    private static SyncObjectResult Take(SyncObject entry, SyncedUsers people, HashSet<string> taken)
    {
        var anchor = entry.SourceAnchor;
        if (!IsAnchor(anchor))
        {
            return new(anchor.Length > MaxAnchorShown ? anchor[..MaxAnchorShown] : anchor, null, SyncErrors.NoAnchor);
        }

        if (taken.Contains(anchor))
        {
            return new(anchor, null, SyncErrors.Twice);
        }

        switch (people.Take(anchor, entry.UserPrincipalName, entry.DisplayName, ContactsOf(entry), entry.Credential))
        {
            case SyncedUser.Taken user:
                taken.Add(anchor);
                return new(anchor, user.User.Id, Wrong(user.Wrong));
            case SyncedUser.NameTaken(var holder):
                return new(anchor, null, SyncErrors.NameTaken(holder));
            case SyncedUser.NoRoom(var most):
                return new(anchor, null, SyncErrors.NoRoom(most));
            case SyncedUser.ForbiddenName name:
                return new(anchor, null, SyncErrors.ForbiddenName(name.Sign));
            default:
                return new(anchor, null, SyncErrors.NoName);
        }
    }

    public void Dispose() => oneAtATime.Dispose();

    public static bool IsAnchor(string text) => Guid.TryParseExact(text, "D", out var guid) && guid.ToString("D") == text;

    private static (ContactField, string?)[] ContactsOf(SyncObject entry) =>
        [
            (ContactField.MobilePhone, entry.MobilePhone),
            (ContactField.PhoneNumber, entry.PhoneNumber),
            (ContactField.DirectoryMail, entry.Mail),
        ];

    private static string? Wrong(IReadOnlyList<ContactField> fields) =>
        fields.Count == 0 ? null : string.Join(' ', fields.Select(SyncErrors.BadContact));

    private async Task AuditAsync(
        PortalDb db,
        TenantId tenant,
        string agent,
        List<SyncObjectResult> results,
        CancellationToken cancellation
    )
    {
        foreach (var refused in results.Where(r => r.CloudAnchor is null))
        {
            if (!await throttle.TakeAsync(db, limits.SyncRefusalsAudited, $"{tenant}", cancellation))
            {
                return;
            }

            audit.Add(
                db,
                new(AuditEventId.SyncObjectRefused, tenant, Actor.Agent(agent))
                {
                    Subject = new(AuditSubjectKind.DirectoryObject, refused.SourceAnchor),
                    Detail = refused.Error,
                }
            );
        }
    }

    private void AuditNameless(PortalDb db, string agent, SyncedUsers people)
    {
        foreach (var user in people.Nameless)
        {
            Audit(db, agent, user, $"gave up the name {user.UserPrincipalName}: another account of the directory has it now");
        }
    }

    private void AuditGone(PortalDb db, string agent, IReadOnlyList<User> gone)
    {
        foreach (var user in gone)
        {
            Audit(db, agent, user, $"{user.UserPrincipalName} let go: the directory {user.Connector} no longer has the account");
        }
    }

    private void Audit(PortalDb db, string agent, User user, string what) =>
        audit.Add(
            db,
            new(AuditEventId.UserChanged, user.Tenant, Actor.Agent(agent)) { Subject = AuditSubject.User(user.Id), Detail = what }
        );
}
