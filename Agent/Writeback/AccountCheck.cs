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
    public async Task<WritebackResult?> AnswerAsync(CloudAnchor anchor, CancellationToken cancellation)
    {
        switch (preparation.Find(anchor))
        {
            case Target.NotServed:
                return null;
            case Target.None(var why):
                return why;
            case Target.Account link:
                var prepared = await preparation.ReadAsync(link, cancellation);
                if (prepared is not Prepared.Ready(var channel, var account))
                {
                    return ((Prepared.Refused)prepared).Why;
                }

                using (channel)
                {
                    return await AnswerAsync(channel, account);
                }

            default:
                throw new UnreachableException();
        }
    }

    private async Task<WritebackResult> AnswerAsync(DirectoryChannel channel, AccountState account)
    {
        if (await probe.IsRefusedAsync(channel, account.ObjectGuid))
        {
            return new WritebackResult.NotAttempted(
                WritebackReason.NoRight,
                "The agent's account lacks the right Reset Password on this account; Agent explain says how to grant it."
            );
        }

        if (account.StaysLocked)
        {
            logger.LockStays(account.Dn, Remedy.ToUnlock(options.Directory, account.Dn));
        }

        return await policies.ReadAsync(channel, account) switch
        {
            PolicyReading.Read(var rules) => new WritebackResult.Settable(rules, account.StaysLocked),
            PolicyReading.Unreadable(var why) => new WritebackResult.NotAttempted(
                channel.IsBroken ? WritebackReason.DirectoryUnreachable : WritebackReason.DirectoryMisconfigured,
                why
            ),
            _ => throw new UnreachableException(),
        };
    }
}
