using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.SignIn.Providers;
using PortalApp.SignIn.SecondFactor;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Throttle.Familiar;
using PortalApp.Users;

namespace PortalApp.SignIn.Attempts;

/// <summary>From where somebody signs in, as far as the request shows it.</summary>
/// <param name="Browser">The value of its cookie.</param>
internal sealed record SignInVisitor(NetworkPrefix Network, string Browser);

/// <summary>Writes and reads attempts: a quarter of an hour each, found by a cookie alone.</summary>
internal sealed class AttemptStore(
    IDbContextFactory<PortalDb> databases,
    TenantStore tenants,
    UserStore users,
    SecondFactors factors,
    ProviderStore providers,
    FamiliarPlaces familiar,
    PortalKeys keys,
    TimeProvider clock
)
{
    public static readonly KeyCookie Cookie = new("__Host-sign-in");
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    /// <summary>By what the person's failures at the sign-in are counted: apart from those at a reset.</summary>
    public static string SubjectOf(User user) => $"sign-in/{user.Id}";

    /// <summary>For any name: what follows is the same whether or not it has an account.</summary>
    /// <returns>The key for the cookie.</returns>
    public async Task<string> BeginAsync(UserPrincipalName name, string? wanted, SignInVisitor visitor, CancellationToken cancellation)
    {
        var home = await tenants.FindByDomainAsync(name.Domain, cancellation);
        var tenant = home?.Tenant.Id;
        var user = await users.FindByNameAsync(tenant ?? default, name, cancellation);
        return await AddAsync(AttemptPurpose.SignIn, tenant, name.Value, user, wanted, visitor, cancellation);
    }

    /// <summary>For the person of a one-time link.</summary>
    public Task<string> BeginSetUpAsync(User user, SignInVisitor visitor, CancellationToken cancellation) =>
        AddAsync(AttemptPurpose.SetUp, user.Tenant, user.UserPrincipalName, user, null, visitor, cancellation);

    /// <summary>Null where there is none, or it has ended.</summary>
    public async Task<StandingAttempt?> FindAsync(HttpRequest request, CancellationToken cancellation)
    {
        if (Cookie.ReadHash(request) is not { } hash)
        {
            return null;
        }

        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (
            await db.Set<Attempt>().AsNoTracking().SingleOrDefaultAsync(a => a.KeyHash == hash && a.ExpiresAt > now, cancellation)
            is not { } row
        )
        {
            return null;
        }

        var tenant = await tenants.FindAsync(row.Tenant ?? default, cancellation);
        var user = await users.FindAsync(row.Tenant ?? default, row.UserId ?? "", cancellation);
        var domain = row.UserPrincipalName[(row.UserPrincipalName.LastIndexOf('@') + 1)..];
        var provider = await providers.FindAsync(row.Tenant ?? default, domain, cancellation);
        var held = await factors.FindAsync(row.UserId, cancellation);
        return new(row, tenant, user is { GoneAt: null } ? user : null, provider, held);
    }

    /// <summary>Within the caller's transaction: of any number of callers one gets true, and the attempt leads nowhere any more.</summary>
    public static async Task<bool> EndAsync(PortalDb db, Attempt row, CancellationToken cancellation) =>
        await db.Set<Attempt>().Where(a => a.Id == row.Id && a.KeyHash == row.KeyHash).ExecuteDeleteAsync(cancellation) == 1;

    private async Task<string> AddAsync(
        AttemptPurpose purpose,
        TenantId? tenant,
        string name,
        User? user,
        string? wanted,
        SignInVisitor visitor,
        CancellationToken cancellation
    )
    {
        var key = KeyCookie.NewKey();
        var subject = user is null
            ? $"sign-in/{Convert.ToHexStringLower(FieldMac.Of(keys.Throttle, "unknown name", name))}"
            : SubjectOf(user);
        var familiarity = await familiar.OfAsync(tenant ?? default, subject, visitor.Browser, visitor.Network, cancellation);
        await using var db = await databases.CreateDbContextAsync(cancellation);
        db.Add(
            new Attempt
            {
                Tenant = tenant,
                KeyHash = KeyCookie.Hash(key),
                Purpose = purpose,
                Subject = subject,
                UserId = user?.Id,
                UserPrincipalName = name,
                Network = visitor.Network.Value,
                Familiarity = familiarity,
                Browser = familiar.BrowserMac(tenant ?? default, subject, visitor.Browser),
                Return = wanted,
                ExpiresAt = clock.GetUtcNow() + Lifetime,
            }
        );
        await db.SaveChangesAsync(cancellation);
        return key;
    }
}
