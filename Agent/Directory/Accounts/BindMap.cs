using System.Diagnostics;
using Agent.Directory.Channels;
using Portal.Writeback;

namespace Agent.Directory.Accounts;

/// <summary>From the directory's answer to a bind to what is said of the password (MS-ERREF 2.2).</summary>
internal static class BindMap
{
    private const int NoSuchUser = 0x525;
    private const int PasswordExpired = 0x532;
    private const int AccountDisabled = 0x533;
    private const int AccountExpired = 0x701;
    private const int PasswordMustChange = 0x773;
    private const int AccountLockedOut = 0x775;

    /// <param name="account">Whose password it is said to be: a directory that took the caller for anybody else has proved nothing.</param>
    public static WritebackResult Of(BindAnswer answer, Sid account) =>
        answer switch
        {
            BindAnswer.Accepted(var sids) when sids.Contains(account) => new WritebackResult.Verified(PasswordState.InForce),
            BindAnswer.Accepted => new WritebackResult.Rejected(
                WritebackReason.DirectoryMisconfigured,
                "The directory took the account for another one."
            ),
            BindAnswer.Refused(PasswordMustChange, _) => new WritebackResult.Verified(PasswordState.MustChange),
            BindAnswer.Refused(PasswordExpired, _) => new WritebackResult.Verified(PasswordState.Expired),
            BindAnswer.Refused(var error, var text) => new WritebackResult.Rejected(ReasonOf(error), ResultMap.Clean(text)),
            BindAnswer.Lost(var why) => new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, why),
            _ => throw new UnreachableException(),
        };

    private static WritebackReason ReasonOf(int error) =>
        error switch
        {
            BindAnswer.WrongPassword or NoSuchUser => WritebackReason.WrongCurrentPassword,
            AccountLockedOut => WritebackReason.LockedOut,
            AccountDisabled => WritebackReason.Disabled,
            AccountExpired => WritebackReason.AccountExpired,
            _ => WritebackReason.UnknownDirectoryError,
        };
}
