namespace PortalApp.Authenticators.Passkeys;

/// <summary>What came of adding or renaming a passkey. Closed: the cases below.</summary>
internal abstract record PasskeyAnswer
{
    private PasskeyAnswer() { }

    public sealed record Done(Passkey Passkey) : PasskeyAnswer;

    /// <summary>Empty, too long, or with signs that no name has.</summary>
    public sealed record NameWrong : PasskeyAnswer;

    /// <summary>The browser's answer is not one to what was asked: too late, from elsewhere, without the device's own check, or already added.</summary>
    public sealed record Refused : PasskeyAnswer;

    /// <summary>As many as a person may have.</summary>
    public sealed record Enough : PasskeyAnswer;

    /// <summary>The person has none such.</summary>
    public sealed record NotThere : PasskeyAnswer;
}
