using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Notifications.Notices;

/// <summary>Tells a tenant's administrators, each in their language, of what was done with somebody's account; not whom it is about.</summary>
internal sealed class AdministratorNotices(NoticeSender notices)
{
    /// <summary>Within the caller's transaction.</summary>
    public async Task AddAsync(
        PortalDb db,
        Tenant tenant,
        User about,
        NoticeKind kind,
        Func<(string Subject, string Text)> say,
        CancellationToken cancellation
    )
    {
        var administrators = await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .Where(u => u.Tenant == tenant.Id && u.Role == Role.Administrator && u.GoneAt == null && u.Id != about.Id)
            .ToListAsync(cancellation);
        foreach (var administrator in administrators)
        {
            var addresses = administrator.ToContactData().AllEmail.Select(e => e.Value);
            await notices.AddAsync(db, new(kind, tenant, about, say) { Reader = administrator, Held = [.. addresses] });
        }
    }
}
