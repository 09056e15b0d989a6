using Microsoft.AspNetCore.Identity;
using PortalApp.Passwords.Hashes;
using PortalApp.Secrets;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Passwords;

internal static class PasswordServices
{
    /// <summary>What OWASP asks of PBKDF2 with SHA-512 (Password Storage Cheat Sheet).</summary>
    private const int HashRounds = 210_000;

    public static IHostApplicationBuilder AddPasswords(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = HashRounds);
        services.AddSingleton<UserPasswords>();
        services.AddSingleton<PendingHashes>();
        services.AddSingleton<TakeEffect>(static provider => provider.GetRequiredService<PendingHashes>().TakeEffectAsync);
        services.AddSingleton(new WrappedRows("hashes that wait", PendingHashes.RewrapAsync));
        services.AddSingleton<DomainConnectors>();
        services.AddSingleton<OnPremisesHome>();
        services.AddSingleton<PortalHome>();
        services.AddSingleton<PasswordHomes>();
        services.AddSingleton<PasswordSentences>();
        return builder;
    }
}
