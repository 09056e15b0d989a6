using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Writeback.Protection;
using Portal.Writeback;

namespace Agent.Writeback.Verification;

/// <summary>The old password of a change is a password that is tried: no other one of the person meanwhile, and none that could lock the account.</summary>
internal sealed class OldPassword(WrongPasswordGuard guard, VerifySlots slots)
{
    /// <summary>What any request does that holds no old password.</summary>
    private static readonly Trying Free = new(null, null);

    public async Task<Trying> BeginAsync(WritebackRequest.OfAccount request, DirectoryChannel channel, AccountState account)
    {
        if (request is not WritebackRequest.Change)
        {
            return Free;
        }

        if (!slots.TryTakeForChange(request.Anchor))
        {
            return new(new(WritebackReason.RateCapped, "A password of the account is being tried."), null);
        }

        PasswordTrial? trial = null;
        try
        {
            trial = await guard.JudgeAsync(request.Id, channel, account);
        }
        finally
        {
            if (trial is not PasswordTrial.Allowed)
            {
                slots.LeaveChange(request.Anchor);
            }
        }

        return trial switch
        {
            PasswordTrial.Allowed allowed => new(null, allowed),
            PasswordTrial.Refused(var why) => new(why, null),
            _ => new(new(WritebackReason.DirectoryUnreachable, "The connection was lost while reading."), null),
        };
    }

    /// <param name="result">Null where nothing was sent.</param>
    public void End(WritebackRequest.OfAccount request, Trying trying, WritebackResult? result)
    {
        if (trying.Trial is not { } trial)
        {
            return;
        }

        slots.LeaveChange(request.Anchor);
        if (result is not (WritebackResult.Unknown or WritebackResult.Rejected { Reason: WritebackReason.WrongCurrentPassword }))
        {
            guard.GiveBack(trial);
        }
    }

    /// <param name="Refusal">Null where it may go on.</param>
    internal sealed record Trying(WritebackResult.NotAttempted? Refusal, PasswordTrial.Allowed? Trial);
}
