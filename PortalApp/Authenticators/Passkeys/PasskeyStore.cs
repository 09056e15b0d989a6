using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Authenticators.Passkeys;

/// <summary>Adds, names and removes people's passkeys.</summary>
internal sealed class PasskeyStore(
    IDbContextFactory<PortalDb> databases,
    PasskeyCeremonies ceremonies,
    IServiceScopeFactory scopes,
    AuditLog audit,
    TimeProvider clock
)
{
    public const int MaxName = 64;

    /// <summary>Of a person, in one use.</summary>
    public const int Most = 10;

    /// <summary>The oldest first.</summary>
    public async Task<IReadOnlyList<Passkey>> ListAsync(string userId, AuthenticatorUse use, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await Of(db, userId, use).AsNoTracking().OrderBy(p => p.Id).ToListAsync(cancellation);
    }

    /// <summary>Of these people, in either use.</summary>
    public async Task<IReadOnlyList<AuthenticatorHeld>> HeldByAsync(IReadOnlyCollection<string> userIds, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var rows = await db.Set<Passkey>()
            .Where(p => userIds.Contains(p.UserId))
            .OrderBy(p => p.Id)
            .Select(p => new
            {
                p.UserId,
                p.Use,
                p.Id,
            })
            .ToListAsync(cancellation);
        return
        [
            .. rows.GroupBy(p => (p.UserId, p.Use), p => p.Id)
                .Select(p => new AuthenticatorHeld(p.Key.UserId, p.Key.Use, string.Join(' ', p))),
        ];
    }

    /// <summary>The ids of a tenant's people who have one.</summary>
    public static IQueryable<string> Holders(PortalDb db, TenantId tenant, AuthenticatorUse use) =>
        db.Set<Passkey>().Where(p => p.Tenant == tenant && p.Use == use).Select(p => p.UserId);

    /// <summary>Asks the browser to make one, which <see cref="AddAsync"/> adds.</summary>
    /// <param name="owner">Where it is asked, such as "attempt/17".</param>
    /// <param name="shown">What the authenticator shows of it beside the user ID, such as "Password reset".</param>
    /// <returns>The options for <c>navigator.credentials.create</c>, as JSON.</returns>
    public async Task<string> BeginAddAsync(
        User user,
        Tenant tenant,
        AuthenticatorUse use,
        string owner,
        string shown,
        DateTimeOffset ends,
        CancellationToken cancellation
    )
    {
        if (await ceremonies.FindAsync(owner, cancellation) is null)
        {
            await using var scope = scopes.CreateAsyncScope();
            var asked = await Handler(scope)
                .MakeCreationOptionsAsync(
                    new()
                    {
                        Id = new PasskeyOwner(user.Id, use).Handle,
                        Name = user.UserPrincipalName,
                        DisplayName = shown,
                    },
                    new DefaultHttpContext()
                );
            var options = JsonNode.Parse(asked.CreationOptionsJson)!;
            options["rp"]!["name"] = tenant.Name;
            if (use == AuthenticatorUse.SignIn)
            {
                // It takes the place of the one before, on the same device too.
                options["excludeCredentials"] = new JsonArray();
            }

            await ceremonies.AskAsync(user.Tenant, owner, ends, options.ToJsonString(), asked.AttestationState ?? "", cancellation);
        }

        return await ceremonies.FindAsync(owner, cancellation) ?? "";
    }

    /// <summary>Within the caller's transaction.</summary>
    /// <param name="credential">What the browser's <c>navigator.credentials.create</c> gave, as JSON: the proof that it has the key.</param>
    public async Task<PasskeyAnswer> AddAsync(
        PortalDb db,
        User user,
        AuthenticatorUse use,
        string owner,
        string name,
        string credential,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (NameOf(name) is not { } called)
        {
            return new PasskeyAnswer.NameWrong();
        }

        if (await Of(db, user.Id, use).CountAsync(cancellation) >= Most)
        {
            return new PasskeyAnswer.Enough();
        }

        if (
            credential.Length > PasskeyCeremonies.MaxAnswer
            || await ceremonies.TakeAsync(db, owner, cancellation) is not { } state
            || await JudgeAsync(credential, state) is not { Succeeded: true, Passkey: { } made } judged
            || judged.UserEntity.Id != new PasskeyOwner(user.Id, use).Handle
        )
        {
            return new PasskeyAnswer.Refused();
        }

        var passkey = new Passkey
        {
            Tenant = user.Tenant,
            UserId = user.Id,
            Use = use,
            CredentialId = made.CredentialId,
            PublicKey = made.PublicKey,
            Name = called,
            SignCount = made.SignCount,
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            AddedAt = clock.GetUtcNow(),
        };
        db.Add(passkey);
        audit.Record(db, user, by, use, "added a passkey");
        await db.SaveChangesAsync(cancellation);
        return new PasskeyAnswer.Done(passkey);
    }

    /// <summary>Within the caller's transaction.</summary>
    public async Task<PasskeyAnswer> RenameAsync(
        PortalDb db,
        User user,
        AuthenticatorUse use,
        long id,
        string name,
        Actor by,
        CancellationToken cancellation
    )
    {
        if (NameOf(name) is not { } called)
        {
            return new PasskeyAnswer.NameWrong();
        }

        if (await Of(db, user.Id, use).SingleOrDefaultAsync(p => p.Id == id, cancellation) is not { } passkey)
        {
            return new PasskeyAnswer.NotThere();
        }

        passkey.Name = called;
        audit.Record(db, user, by, use, "renamed a passkey");
        await db.SaveChangesAsync(cancellation);
        return new PasskeyAnswer.Done(passkey);
    }

    /// <summary>Within the caller's transaction.</summary>
    /// <returns>False where the person has none such.</returns>
    public async Task<bool> RemoveAsync(PortalDb db, User user, AuthenticatorUse use, long id, Actor by, CancellationToken cancellation)
    {
        if (await Of(db, user.Id, use).Where(p => p.Id == id).ExecuteDeleteAsync(cancellation) == 0)
        {
            return false;
        }

        audit.Record(db, user, by, use, "removed a passkey");
        await db.SaveChangesAsync(cancellation);
        return true;
    }

    private async Task<PasskeyAttestationResult> JudgeAsync(string credential, string state)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await Handler(scope)
            .PerformAttestationAsync(
                new()
                {
                    HttpContext = new DefaultHttpContext(),
                    CredentialJson = credential,
                    AttestationState = state,
                }
            );
    }

    private static string? NameOf(string typed) =>
        typed.Trim() is { Length: > 0 and <= MaxName } name && !name.Any(char.IsControl) ? name : null;

    private static IQueryable<Passkey> Of(PortalDb db, string userId, AuthenticatorUse use) =>
        db.Set<Passkey>().Where(p => p.UserId == userId && p.Use == use);

    private static IPasskeyHandler<PasskeyOwner> Handler(AsyncServiceScope scope) =>
        scope.ServiceProvider.GetRequiredService<IPasskeyHandler<PasskeyOwner>>();
}
