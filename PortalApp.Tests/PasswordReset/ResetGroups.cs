using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Policy;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Groups, and policies for them.</summary>
internal static class ResetGroups
{
    /// <summary>With these policies before the default.</summary>
    public static Task<int> PublishAsync(this ResetPortal portal, params PolicyEntry[] entries) =>
        portal.WithDbAsync(async db =>
        {
            var held = await portal.PolicyAsync();
            db.Add(
                new PolicyVersion
                {
                    Tenant = portal.Tenant.Id,
                    Number = held.Number + 1,
                    By = Actor.Portal,
                    At = portal.Clock.GetUtcNow(),
                    List = held.List with { Entries = entries },
                }
            );
            return await db.SaveChangesAsync();
        });

    public static Task<string> UserIdAsync(this ResetPortal portal, string name) =>
        portal.WithDbAsync(db => db.Set<User>().Where(u => u.UserPrincipalName == name).Select(u => u.Id).SingleAsync());

    public static Task<int> NestAsync(this ResetPortal portal, long outer, long inner) =>
        portal.WithDbAsync(db =>
        {
            db.Add(
                new GroupInGroup
                {
                    Tenant = portal.Tenant.Id,
                    OuterId = outer,
                    InnerId = inner,
                }
            );
            return db.SaveChangesAsync();
        });

    /// <summary>A group of the portal's own.</summary>
    public static Task<long> AddGroupAsync(this ResetPortal portal, string name, params IEnumerable<string> users) =>
        portal.WithDbAsync(async db =>
        {
            var group = new Group { Tenant = portal.Tenant.Id, Name = name };
            db.Add(group);
            await db.SaveChangesAsync();
            db.AddRange(
                users.Select(user => new GroupMember
                {
                    Tenant = portal.Tenant.Id,
                    GroupId = group.Id,
                    UserId = user,
                })
            );
            await db.SaveChangesAsync();
            return group.Id;
        });
}
