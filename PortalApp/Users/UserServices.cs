using Microsoft.EntityFrameworkCore.Diagnostics;
using PortalApp.Data;
using PortalApp.Users.Groups;
using PortalApp.Users.Search;

namespace PortalApp.Users;

internal static class UserServices
{
    public static IHostApplicationBuilder AddUsers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UserStore>();
        builder.Services.AddSingleton<IInterceptor, SearchTermKeeper>();
        builder.Services.AddSingleton<GroupStore>();
        builder.Services.AddSingleton<SyncedGroups>();
        builder.Services.AddSingleton<Memberships>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Phones and addresses of people who are gone",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) => db.Set<User>().Where(u => u.GoneAt < before).OrderBy(u => u.GoneAt).SelectMany(u => u.Contacts)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "In which groups people who are gone were",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) => db.Set<GroupMember>().Where(m => db.Set<User>().Any(u => u.Id == m.UserId && u.GoneAt < before))
            )
        );
        return builder;
    }
}
