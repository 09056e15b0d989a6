using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Authenticators.Passkeys;

/// <summary>
/// Asks browsers for a passkey and judges what they answer. The question names no passkey and no person, so it tells nothing of who has one; an
/// answer is taken in the place that was asked, once.
/// </summary>
internal sealed class PasskeyCeremonies(IDbContextFactory<PortalDb> databases, IServiceScopeFactory scopes, TimeProvider clock)
{
    /// <summary>Longer texts are not read at all; a passkey's answer is about one thousand characters long.</summary>
    public const int MaxAnswer = 8_192;

    /// <summary>The question of an owner: the same in every tab, until it was answered.</summary>
    /// <param name="ends">When it is not taken any more.</param>
    public async Task AskAsync(TenantId tenant, string owner, DateTimeOffset ends, CancellationToken cancellation)
    {
        await using var scope = scopes.CreateAsyncScope();
        var asked = await Handler(scope).MakeRequestOptionsAsync(null, new DefaultHttpContext());
        await AskAsync(tenant, owner, ends, asked.RequestOptionsJson, asked.AssertionState ?? "", cancellation);
    }

    /// <summary>The same, for a question that the caller made.</summary>
    public async Task AskAsync(
        TenantId tenant,
        string owner,
        DateTimeOffset ends,
        string options,
        string state,
        CancellationToken cancellation
    )
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.Set<PasskeyCeremony>().Where(c => c.Owner == owner && c.ExpiresAt <= now).ExecuteDeleteAsync(cancellation);
        await db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "PasskeyCeremony" ("Tenant", "Owner", "Options", "State", "ExpiresAt")
            VALUES ({tenant.Value}, {owner}, {options}, {state}, {ends.UtcTicks})
            ON CONFLICT ("Owner") DO NOTHING
            """,
            cancellation
        );
    }

    /// <summary>The options for the browser, as JSON; null where nothing is asked.</summary>
    public async Task<string?> FindAsync(string owner, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return (await FindAsync(db, owner, cancellation))?.Options;
    }

    /// <summary>
    /// Takes the question back and gives its state: to one caller alone. Null where nothing is asked. As a part of the caller's transaction, if
    /// there is one.
    /// </summary>
    public async Task<string?> TakeAsync(PortalDb db, string owner, CancellationToken cancellation) =>
        await FindAsync(db, owner, cancellation) is { } row
        && await db.Set<PasskeyCeremony>().Where(c => c.Id == row.Id).ExecuteDeleteAsync(cancellation) == 1
            ? row.State
            : null;

    /// <param name="credential">What the browser's <c>navigator.credentials.get</c> gave, as JSON.</param>
    /// <returns>Whether it is a passkey of theirs, verified on their device, and answers the question of <paramref name="owner"/>.</returns>
    public async Task<bool> IsRightAsync(PasskeyOwner whom, string owner, string credential, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        if (credential.Length > MaxAnswer || await TakeAsync(db, owner, cancellation) is not { } state)
        {
            return false;
        }

        await using var scope = scopes.CreateAsyncScope();
        var judged = await Handler(scope)
            .PerformAssertionAsync(
                new()
                {
                    HttpContext = new DefaultHttpContext(),
                    CredentialJson = credential,
                    AssertionState = state,
                }
            );
        return judged.Succeeded && judged.User == whom && await CountAsync(db, whom, judged.Passkey, cancellation);
    }

    /// <summary>A copy of the authenticator would have counted less far (WebAuthn §6.1.1).</summary>
    private async Task<bool> CountAsync(PortalDb db, PasskeyOwner whom, UserPasskeyInfo used, CancellationToken cancellation)
    {
        var (id, count, now) = (used.CredentialId, (long)used.SignCount, clock.GetUtcNow());
        return await db.Set<Passkey>()
                .Where(p => p.UserId == whom.UserId && p.Use == whom.Use && p.CredentialId == id && (p.SignCount < count || count == 0))
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(p => p.SignCount, count)
                            .SetProperty(p => p.IsBackedUp, used.IsBackedUp)
                            .SetProperty(p => p.UsedAt, now),
                    cancellation
                ) == 1;
    }

    private Task<PasskeyCeremony?> FindAsync(PortalDb db, string owner, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        return db.Set<PasskeyCeremony>().AsNoTracking().SingleOrDefaultAsync(c => c.Owner == owner && c.ExpiresAt > now, cancellation);
    }

    private static IPasskeyHandler<PasskeyOwner> Handler(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredService<IPasskeyHandler<PasskeyOwner>>();
}
