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
        await people.GiveWayAsync(
            batch
                .Objects.Where(o => IsAnchor(o.SourceAnchor))
                .DistinctBy(o => o.SourceAnchor)
                .Select(o => (o.SourceAnchor, o.UserPrincipalName)),
            cancellation
        );
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var results = batch.Objects.Select(entry => Take(entry, people, taken)).ToList();
        await AuditAsync(db, tenant, agent, results, cancellation);
        AuditNameless(db, agent, people);
        return new SyncReport(results);
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

        switch (people.Take(anchor, entry.UserPrincipalName, entry.DisplayName, entry.MobilePhone, entry.PhoneNumber))
        {
            case SyncedUser.Taken user:
                taken.Add(anchor);
                return new(anchor, user.User.Id, Wrong(user.Wrong));
            case SyncedUser.NameTaken(var holder):
                return new(anchor, null, SyncErrors.NameTaken(holder));
            case SyncedUser.ForbiddenName name:
                return new(anchor, null, SyncErrors.ForbiddenName(name.Sign));
            default:
                return new(anchor, null, SyncErrors.NoName);
        }
    }

    private static bool IsAnchor(string text) => Guid.TryParseExact(text, "D", out var guid) && guid.ToString("D") == text;

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

    private void AuditNameless(PortalDb db, string agent, SyncedUsers people)
    {
        foreach (var user in people.Nameless)
        {
            audit.Add(
                db,
                new(AuditEventId.UserChanged, user.Tenant, Actor.Agent(agent))
                {
                    Subject = AuditSubject.User(user.Id),
                    Detail = $"gave up the name {user.UserPrincipalName}: another account of the directory has it now",
                }
            );
        }
    }
}
