namespace PortalApp.Passwords;

internal static class PasswordServices
{
    public static IHostApplicationBuilder AddPasswords(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<DomainConnectors>();
        builder.Services.AddSingleton<OnPremisesHome>();
        builder.Services.AddSingleton<PasswordHomes>();
        return builder;
    }
}
