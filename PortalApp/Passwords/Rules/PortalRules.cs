using Microsoft.Extensions.Options;
using Portal.Policy;
using PortalApp.Passwords.Hashes;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Passwords.Rules;

/// <summary>
/// What a password has to be that lives in the portal (NIST SP 800-63B-4 §3.1.1.2): long, not easily guessed, not breached, not the person's name
/// and none of the last; never of so many kinds of characters. The same at reset, change and invitation.
/// </summary>
internal sealed class PortalRules(
    TenantStore tenants,
    UserPasswords passwords,
    BreachedPasswords breached,
    IOptions<PasswordRuleOptions> options
)
{
    private const int ShortestName = 4;
    private static readonly char[] Between = [' ', '.', '-', '_', ',', '\'', '@'];

    /// <summary>Before a password is typed.</summary>
    public PasswordRules Of(User user) =>
        new(
            PolicySource.Portal,
            null,
            options.Value.MinimumLength,
            false,
            options.Value.History,
            options.Value.History > 0,
            null,
            [.. NamesOf(user).Select(name => name.ToLowerInvariant())]
        );

    public async Task<PolicyVerdict> JudgeAsync(User user, string typed, CancellationToken cancellation) =>
        NewPassword.TryCreate(typed) is not { } password ? new PolicyVerdict.Rejected([PasswordRules.WhyUnusable(typed)])
        : await BrokenAsync(user, typed, password, cancellation) is { } rule ? new PolicyVerdict.Rejected([rule])
        : new PolicyVerdict.Accepted(password);

    /// <summary>The dearest questions last.</summary>
    private async Task<RuleBroken?> BrokenAsync(User user, string typed, NewPassword password, CancellationToken cancellation)
    {
        var looks = Guessing.LooksOf(typed);
        return typed.EnumerateRunes().Count() < options.Value.MinimumLength ? RuleBroken.TooShort
            : NamesOf(user).Any(name => looks.Contains(Guessing.LooksOf(name), StringComparison.Ordinal)) ? RuleBroken.HasName
            : Guessing.PiecesOf(typed, await WordsAsync(user, cancellation)) < Guessing.PiecesNeeded ? RuleBroken.Common
            : await breached.HoldAsync(password, cancellation) ? RuleBroken.Breached
            : await passwords.WasUsedAsync(user.Id, password, options.Value.History, cancellation) ? RuleBroken.InHistory
            : null;
    }

    /// <summary>The whole of the name before the @, and the parts of both names that are words.</summary>
    private static IEnumerable<string> NamesOf(User user)
    {
        var local = user.UserPrincipalName[..user.UserPrincipalName.LastIndexOf('@')];
        return local
            .Split(Between)
            .Concat((user.DisplayName ?? "").Split(Between))
            .Where(part => part.Length >= ShortestName)
            .Concat(local.Length >= ShortestName - 1 ? [local] : [])
            .Distinct(StringComparer.OrdinalIgnoreCase);
    }

    private async Task<string[]> WordsAsync(User user, CancellationToken cancellation)
    {
        var tenant = await tenants.FindAsync(user.Tenant, cancellation);
        return
        [
            .. (tenant?.Name ?? "")
                .Split(Between)
                .Append(tenant?.Name.Replace(" ", "", StringComparison.Ordinal) ?? "")
                .Append(user.Domain.Split('.')[0])
                .Concat(options.Value.Banned)
                .Where(word => word.Length >= ShortestName)
                .Select(Guessing.LooksOf),
        ];
    }
}
