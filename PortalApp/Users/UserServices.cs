using PortalApp.Data;

namespace PortalApp.Users;

internal static class UserServices
{
    public static IHostApplicationBuilder AddUsers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UserStore>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Phones and addresses of people who are gone",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) =>
                    db.Set<ContactValue>().Where(c => db.Set<User>().Any(u => u.Id == c.UserId && u.GoneAt < before)).OrderBy(c => c.Id)
            )
        );
        return builder;
    }
}
