namespace PortalApp.Users;

internal static class UserServices
{
    public static IHostApplicationBuilder AddUsers(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UserStore>();
        return builder;
    }
}
