using System.Diagnostics;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Microsoft.Extensions.Logging;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>Answers whether one account's password may be set, and by which rules, before anybody types one. Changes nothing.</summary>
internal sealed class AccountCheck(
    AgentOptions options,
    Preparation preparation,
    PolicyReader policies,
    RightProbe probe,
    ILogger<AccountCheck> logger
)
{
    /// <returns>Null: the account is not one that this agent serves.</returns>
    public async Task<WritebackResult?> AnswerAsync(CloudAnchor anchor, CancellationToken cancellation) =>
        preparation.Find(anchor) switch
        {
            Target.NotServed => null,
            Target.None(var why) => why,
            Target.Account link => (await LookAsync(link, cancellation)).Result,
            _ => throw new UnreachableException(),
        };

    /// <summary>All that follows the links.</summary>
    /// <param name="forAdministrator">Also whether an administrator's reset can be made to last one sign-in, which is dear to ask.</param>
    public async Task<CheckedAccount> LookAsync(Target.Account link, CancellationToken cancellation, bool forAdministrator = false)
    {
        var prepared = await preparation.ReadAsync(link, cancellation);
        if (prepared is not Prepared.Ready(var channel, var account))
        {
            var refused = (Prepared.Refused)prepared;
            return new(refused.Why, refused.Remedy);
        }

        using (channel)
        {
            var found = await LookAsync(channel, account);
            return
                forAdministrator
                && found.Result is WritebackResult.Settable
                && !await AccountReader.MayRequireChangeAsync(channel, account.ObjectGuid)
                ? found with
                {
                    RequireChange = Remedy.ToRequireChange(options.Directory, account.Dn),
                }
                : found;
        }
    }

    private async Task<CheckedAccount> LookAsync(DirectoryChannel channel, AccountState account)
    {
        if (await probe.IsRefusedAsync(channel, account.ObjectGuid))
        {
            return new(
                new WritebackResult.NotAttempted(
                    WritebackReason.NoRight,
                    "The agent's account lacks the right Reset Password on this account; Agent explain says how to grant it."
                ),
                Remedy.ToReset(options.Directory, account.Dn)
            );
        }

        var unlock = account.StaysLocked ? Remedy.ToUnlock(options.Directory, account.Dn) : null;
        if (unlock is not null)
        {
            logger.LockStays(account.Dn, unlock);
        }

        return await policies.ReadAsync(channel, account) switch
        {
            PolicyReading.Read(var rules) => new(
                new WritebackResult.Settable(rules, account.StaysLocked, account.NeverExpires, MayUnlock: account.Unlocks),
                unlock
            ),
            PolicyReading.Unreadable(var why) => new(
                new WritebackResult.NotAttempted(
                    channel.IsBroken ? WritebackReason.DirectoryUnreachable : WritebackReason.DirectoryMisconfigured,
                    why
                ),
                null
            ),
            _ => throw new UnreachableException(),
        };
    }
}

/// <param name="Remedy">What an administrator of the directory does about it; null where there is nothing to do, or the result says it.</param>
/// <param name="RequireChange">The remedy where the agent may set the password and not have it changed at the next sign-in; null where it may, or nobody asked.</param>
internal sealed record CheckedAccount(WritebackResult Result, string? Remedy, string? RequireChange = null);
