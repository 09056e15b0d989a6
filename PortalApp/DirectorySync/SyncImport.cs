using Microsoft.EntityFrameworkCore;
using Portal.Audit;
using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.DirectorySync;

/// <summary>
/// Takes a batch of users from an agent. Matched by (tenant, connector, source anchor), never by name; touches names and phones of its own
/// users and nothing else: no licence, switch, role or Authentication… field. A batch that is sent again changes nothing.
/// </summary>
internal sealed class SyncImport(IDbContextFactory<PortalDb> databases, AuditLog audit, TimeProvider clock)
{
    public const int MaxObjects = 500;
    private const int MaxAudited = 10;

    public async Task<SyncReport> ImportAsync(TenantId tenant, string agent, SyncBatch batch, CancellationToken ct)
    {
        await using var db = await databases.CreateDbContextAsync(ct);
        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        var domains = await db.Set<Domain>().Where(d => d.Tenant == tenant).Select(d => d.Name).ToHashSetAsync(ct);
        var results = new List<SyncObjectResult>(batch.Objects.Count);
        foreach (var entry in batch.Objects)
        {
            results.Add(await ImportAsync(db, tenant, batch.Connector, entry, domains, ct));
        }

        foreach (var refused in results.Where(r => r.Error is not null).Take(MaxAudited))
        {
            audit.Add(db, AuditEventId.SyncObjectRefused, tenant, agent, detail: $"{refused.SourceAnchor}: {refused.Error}");
        }

        await db.SaveChangesAsync(ct);
        await transaction.CommitAsync(ct);
        return new SyncReport(results);
    }

    private async Task<SyncObjectResult> ImportAsync(
        PortalDb db,
        TenantId tenant,
        string connector,
        SyncObject entry,
        HashSet<string> domains,
        CancellationToken ct
    )
    {
        if (!Guid.TryParseExact(entry.SourceAnchor, "D", out _))
        {
            return new(Shorten(entry.SourceAnchor), null, "The source anchor is not an objectGUID.");
        }

        if (UserPrincipalName.TryParse(entry.UserPrincipalName) is not { } name || !domains.Contains(name.Domain))
        {
            return new(entry.SourceAnchor, null, "The user principal name is in no verified domain of this tenant.");
        }

        var user = await FindAsync(db, tenant, connector, entry.SourceAnchor, ct);
        if (await IsHeldByAnotherAsync(db, tenant, name, user, ct))
        {
            return new(entry.SourceAnchor, null, "The user principal name is another user's.");
        }

        var now = clock.GetUtcNow();
        if (user is null)
        {
            user = new User
            {
                Id = CloudAnchor.New().Value,
                Tenant = tenant,
                Connector = connector,
                SourceAnchor = entry.SourceAnchor,
                UserPrincipalName = name.Value,
                CreatedAt = now,
                ChangedAt = now,
            };
            db.Add(user);
        }

        Flow(user, name, entry, now);
        await db.SaveChangesAsync(ct);
        return new(entry.SourceAnchor, user.Id, null);
    }

    private static Task<User?> FindAsync(PortalDb db, TenantId tenant, string connector, string anchor, CancellationToken ct) =>
        db.Set<User>()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.Connector == connector && u.SourceAnchor == anchor, ct);

    private static Task<bool> IsHeldByAnotherAsync(PortalDb db, TenantId tenant, UserPrincipalName name, User? user, CancellationToken ct)
    {
        var own = user?.Id;
        return db.Set<User>().AnyAsync(u => u.Tenant == tenant && u.UserPrincipalName == name.Value && u.Id != own, ct);
    }

    private static void Flow(User user, UserPrincipalName name, SyncObject entry, DateTimeOffset now)
    {
        var displayName = entry.DisplayName is { Length: > 256 } ? entry.DisplayName[..256] : entry.DisplayName;
        if (user.UserPrincipalName != name.Value || user.DisplayName != displayName)
        {
            (user.UserPrincipalName, user.DisplayName, user.ChangedAt) = (name.Value, displayName, now);
        }

        Flow(user, ContactField.MobilePhone, entry.MobilePhone, now);
        Flow(user, ContactField.PhoneNumber, entry.PhoneNumber, now);
    }

    /// <summary>An unusable number counts as none; a number that an administrator set by hand stands until the directory has one.</summary>
    private static void Flow(User user, ContactField field, string? incoming, DateTimeOffset now)
    {
        var value = PhoneNumber.TryParse(incoming)?.Value;
        var held = user.Contacts.SingleOrDefault(c => c.Field == field);
        if (value is null && held?.Source == ContactSource.Sync)
        {
            user.Contacts.Remove(held);
        }
        else if (value is not null && held is null)
        {
            user.Contacts.Add(
                new ContactValue
                {
                    Tenant = user.Tenant,
                    UserId = user.Id,
                    Field = field,
                    Value = value,
                    Source = ContactSource.Sync,
                    ChangedAt = now,
                }
            );
        }
        else if (value is not null && held!.Value != value)
        {
            (held.Value, held.Source, held.ChangedAt) = (value, ContactSource.Sync, now);
        }
    }

    private static string Shorten(string text) => text.Length > 64 ? text[..64] : text;
}
