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
    ThrottleStore throttle,
    Limits limits,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxObjects = 500;
    private const int MaxAnchorShown = 64;

    public async Task<SyncReport> ImportAsync(TenantId tenant, string agent, SyncBatch batch, CancellationToken cancellation)
    {
        var outcome = await databases.ChangeAsync<SyncReport>(
            async db => new ChangeOutcome<SyncReport>.Done(await ImportAsync(db, tenant, agent, batch, cancellation)),
            cancellation
        );
        return ((ChangeOutcome<SyncReport>.Done)outcome).Value;
    }

    private async Task<SyncReport> ImportAsync(PortalDb db, TenantId tenant, string agent, SyncBatch batch, CancellationToken cancellation)
    {
        var people = await SyncedUsers.LoadAsync(
            db,
            (tenant, batch.Connector),
            [.. batch.Objects.Select(o => (o.SourceAnchor, o.UserPrincipalName))],
            Actor.Agent(agent),
            clock.GetUtcNow(),
            cancellation
        );
        var results = Take(batch.Objects, people);
        await AuditAsync(db, tenant, agent, results, cancellation);
        return new SyncReport(results);
    }

    private static List<SyncObjectResult> Take(IReadOnlyList<SyncObject> objects, SyncedUsers people)
    {
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var results = objects.Select(entry => Take(entry, people, taken)).ToList();

        // One that took a name which another gave up later in the batch has its turn once more.
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i].Error == SyncErrors.NameTaken)
            {
                results[i] = Take(objects[i], people, taken);
            }
        }

        return results;
    }

    private static SyncObjectResult Take(SyncObject entry, SyncedUsers people, HashSet<string> taken)
    {
        var anchor = entry.SourceAnchor;
        if (!Guid.TryParseExact(anchor, "D", out var guid) || guid.ToString("D") != anchor)
        {
            return new(anchor.Length > MaxAnchorShown ? anchor[..MaxAnchorShown] : anchor, null, SyncErrors.NoAnchor);
        }

        if (taken.Contains(anchor))
        {
            return new(anchor, null, SyncErrors.Twice);
        }

        switch (people.Take(anchor, entry.UserPrincipalName, entry.DisplayName, entry.MobilePhone, entry.PhoneNumber))
        {
            case SyncedUser.Taken user:
                taken.Add(anchor);
                return new(anchor, user.User.Id, Wrong(user.Wrong));
            case SyncedUser.NameTaken:
                return new(anchor, null, SyncErrors.NameTaken);
            case SyncedUser.ForbiddenName name:
                return new(anchor, null, SyncErrors.ForbiddenName(name.Sign));
            default:
                return new(anchor, null, SyncErrors.NoName);
        }
    }

    private static string? Wrong(IReadOnlyList<ContactField> phones) =>
        phones.Count == 0
            ? null
            : string.Join(' ', phones.Select(p => p == ContactField.MobilePhone ? SyncErrors.BadMobilePhone : SyncErrors.BadPhoneNumber));

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
}
