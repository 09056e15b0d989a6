using Microsoft.AspNetCore.Identity;
using PortalApp.Data;
using PortalApp.Passwords.Hashes;
using PortalApp.Passwords.Rules;
using PortalApp.Secrets;
using PortalApp.Users;
using PortalApp.Writeback.Requests;

namespace PortalApp.Passwords;

internal static class PasswordServices
{
    /// <summary>What OWASP asks of PBKDF2 with SHA-512 (Password Storage Cheat Sheet).</summary>
    public const int HashRounds = 210_000;

    public static IHostApplicationBuilder AddPasswords(this IHostApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<IPasswordHasher<User>, PasswordHasher<User>>();
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = HashRounds);
        services.AddSingleton<UserPasswords>();
        services.AddSingleton<PendingHashes>();
        services.AddSingleton<TakeEffect>(static provider => provider.GetRequiredService<PendingHashes>().TakeEffectAsync);
        services.AddSingleton(new WrappedRows("hashes that wait", PendingHashes.RewrapAsync));
        builder.AddOptions(PasswordRuleOptions.Section, new PasswordRuleOptionsValidator());
        services.AddSingleton<BreachedPasswords>();
        services.AddSingleton<PortalRules>();
        services.AddSingleton(
            Retention.Of(
                "Passwords of people who are gone, hashed",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) =>
                    db.Set<UserPassword>().Where(p => db.Set<User>().Any(u => u.Id == p.UserId && u.GoneAt < before)).OrderBy(p => p.UserId)
            )
        );
        services.AddSingleton(
            Retention.Of(
                "Earlier passwords of people who are gone, hashed",
                "they went",
                TimeSpan.FromDays(7),
                (db, before) =>
                    db.Set<EarlierPassword>().Where(p => db.Set<User>().Any(u => u.Id == p.UserId && u.GoneAt < before)).OrderBy(p => p.Id)
            )
        );
        services.AddSingleton<DomainConnectors>();
        services.AddSingleton<OnPremisesHome>();
        services.AddSingleton<PortalHome>();
        services.AddSingleton<BothHome>();
        services.AddSingleton<PasswordHomes>();
        services.AddSingleton<PasswordSentences>();
        return builder;
    }
}
