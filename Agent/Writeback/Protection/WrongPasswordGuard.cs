using System.Diagnostics;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Portal;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Writeback;

namespace Agent.Writeback.Protection;

/// <summary>
/// Whether one more password may be tried of an account, by a bind or as the old one of a change: never where a wrong one could bring it to its
/// lock-out, nor beyond the agent's own cap. Both are counted together.
/// </summary>
internal sealed class WrongPasswordGuard(
    AgentOptions options,
    LockoutReader lockouts,
    WrongPasswordCap cap,
    PortalClient portal,
    ILogger<WrongPasswordGuard> logger
)
{
    /// <returns>Null where the directory answered before and then no more.</returns>
    public async Task<PasswordTrial?> JudgeAsync(RequestId id, DirectoryChannel channel, AccountState account)
    {
        var reading = await lockouts.ReadAsync(channel, account.ObjectGuid);
        if (reading is LockoutReading.Unanswered)
        {
            return null;
        }

        var refusal = account.Locked ? new WritebackResult.NotAttempted(WritebackReason.LockedOut, null) : WhyNot(id, account, reading);
        if (refusal is not null)
        {
            return new PasswordTrial.Refused(refusal);
        }

        if (cap.TryTake(account.ObjectGuid) is { } taken)
        {
            return new PasswordTrial.Allowed(taken);
        }

        logger.WrongPasswordsCapped(id.Value);
        _ = portal.AlarmAsync(
            new(AlarmKind.RateCapped, $"Request {id} was beyond the agent's own cap on wrong passwords."),
            CancellationToken.None
        );
        return new PasswordTrial.Refused(new(WritebackReason.RateCapped, null));
    }

    /// <summary>It was right, or was not tried.</summary>
    public void GiveBack(PasswordTrial.Allowed trial) => cap.GiveBack(trial.Taken);

    private WritebackResult.NotAttempted? WhyNot(RequestId id, AccountState account, LockoutReading reading)
    {
        switch (reading)
        {
            case LockoutReading.Read({ IsNear: false }):
                return null;
            case LockoutReading.Read(var state):
                logger.NearLockOut(id.Value, account.Dn, state.BadPasswords, state.Threshold);
                return new(WritebackReason.NearLockOut, $"{state.BadPasswords} of {state.Threshold} wrong passwords are counted.");
            case LockoutReading.Unreadable(var what):
                logger.LockOutUnreadable(id.Value, account.Dn, what, Remedy.ToReadLockout(options.Directory));
                return new(WritebackReason.DirectoryMisconfigured, $"The agent's account may not read {what}.");
            default:
                throw new UnreachableException();
        }
    }
}

internal abstract record PasswordTrial
{
    private PasswordTrial() { }

    public sealed record Allowed(WrongPasswordCap.Taken Taken) : PasswordTrial;

    public sealed record Refused(WritebackResult.NotAttempted Why) : PasswordTrial;
}
