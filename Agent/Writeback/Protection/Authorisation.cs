using Agent.Directory;
using Agent.Directory.Accounts;
using Portal.Writeback;

namespace Agent.Writeback.Protection;

/// <summary>Whether this account may be set at all, from what was read live. Null = yes.</summary>
internal static class Authorisation
{
    public static WritebackResult.NotAttempted? Refuse(
        AccountState account,
        IReadOnlyList<DistinguishedName> scopes,
        IReadOnlySet<Sid> ownSids,
        ProtectedList list,
        DateTimeOffset now
    )
    {
        if (DistinguishedName.TryParse(account.Dn) is not { } name || !scopes.Any(name.IsOrLiesBelow))
        {
            return new(WritebackReason.OutOfScope, "The account does not lie in the agent's scopes.");
        }

        if (ProtectedAccounts.Why(account, ownSids, list) is { } why)
        {
            return new(WritebackReason.Protected, why);
        }

        return account switch
        {
            { AdminCount: true } => new(
                WritebackReason.ProtectedOnce,
                "adminCount is set, and no protected group holds the account: clear adminCount and let the account inherit rights again."
            ),
            { IsDisabled: true } => new(WritebackReason.Disabled, null),
            { ExpiresAt: { } expired } when expired <= now => new(WritebackReason.AccountExpired, $"accountExpires was {expired:O}."),
            { NeedsSmartCard: true } => new(WritebackReason.SmartCardRequired, "userAccountControl asks for a smart card (0x40000)."),
            _ => null,
        };
    }
}
