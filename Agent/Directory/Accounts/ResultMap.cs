using Portal.Writeback;

namespace Agent.Directory.Accounts;

/// <summary>From the directory's answer to a password modify to what came of it ("At most once, and never misreported").</summary>
internal static class ResultMap
{
    public const int OperationsError = 1;
    public const int TimeLimitExceeded = 3;
    public const int ConstraintViolation = 19;
    public const int NoSuchObject = 32;
    public const int InsufficientAccessRights = 50;
    public const int Busy = 51;
    public const int Unavailable = 52;
    public const int UnwillingToPerform = 53;
    public const int Other = 80;

    /// <summary>ERROR_PASSWORD_RESTRICTION; Windows gives no more than this number.</summary>
    private const string PasswordRestriction = "0000052D";

    /// <summary>ERROR_INVALID_PASSWORD.</summary>
    private const string InvalidPassword = "00000056";

    /// <summary>ERROR_ACCOUNT_LOCKED_OUT.</summary>
    private const string LockedOut = "00000775";

    private const int LongestDetail = 300;

    /// <param name="code">RFC 4511 result code, never 0.</param>
    /// <param name="text">The directory's own words.</param>
    public static WritebackResult Of(int code, string text)
    {
        var detail = Clean($"{code}: {text}");
        return code switch
        {
            Busy or Unavailable => new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, detail),
            OperationsError or TimeLimitExceeded or Other => new WritebackResult.Unknown(WritebackReason.AnswerLost, detail),
            ConstraintViolation or UnwillingToPerform when Holds(text, PasswordRestriction) => new WritebackResult.Rejected(
                RestrictionIn(text),
                detail
            ),
            ConstraintViolation when Holds(text, InvalidPassword) => new WritebackResult.Rejected(
                WritebackReason.WrongCurrentPassword,
                detail
            ),
            ConstraintViolation when Holds(text, LockedOut) => new WritebackResult.Rejected(WritebackReason.LockedOut, detail),
            ConstraintViolation => new WritebackResult.Rejected(WritebackReason.PolicyRefused, detail),
            NoSuchObject => new WritebackResult.Rejected(WritebackReason.NotFoundOnPremises, detail),
            InsufficientAccessRights => new WritebackResult.Rejected(WritebackReason.NoRight, detail),
            2 or 8 or 10 or 11 or 12 or 13 or UnwillingToPerform => new WritebackResult.Rejected(
                WritebackReason.DirectoryMisconfigured,
                detail
            ),
            _ => new WritebackResult.Rejected(WritebackReason.UnknownDirectoryError, detail),
        };
    }

    /// <summary>Samba says which rule it was; where nothing is said, the caller has to find out.</summary>
    private static WritebackReason RestrictionIn(string text) =>
        Holds(text, "too short") ? WritebackReason.TooShort
        : Holds(text, "complexity") ? WritebackReason.NotComplex
        : Holds(text, "in history") || Holds(text, "previous password") ? WritebackReason.InHistory
        : Holds(text, "too young") ? WritebackReason.TooYoung
        : WritebackReason.PolicyRefused;

    private static bool Holds(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    /// <summary>One line of bounded length, without control characters.</summary>
    public static string Clean(string text)
    {
        var clean = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]).Trim();
        return clean.Length <= LongestDetail ? clean : clean[..LongestDetail];
    }
}
