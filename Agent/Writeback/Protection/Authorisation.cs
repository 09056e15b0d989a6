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
        ProtectedList list
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

        return account.IsDisabled ? new(WritebackReason.Disabled, null) : null;
    }
}
