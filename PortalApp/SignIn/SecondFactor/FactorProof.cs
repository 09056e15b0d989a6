namespace PortalApp.SignIn.SecondFactor;

/// <summary>With what somebody proves the second factor. Closed: the two cases below.</summary>
internal abstract record FactorProof
{
    private FactorProof() { }

    /// <summary>A code of the authenticator app, or a recovery code.</summary>
    public sealed record Typed(string Code) : FactorProof;

    /// <summary>What the browser gave for a passkey, as JSON.</summary>
    /// <param name="Owner">Where it was asked, as <see cref="SecondFactors.AskAsync"/> was told.</param>
    public sealed record Passkey(string Owner, string Credential) : FactorProof;
}

/// <summary>Which second factors somebody has.</summary>
internal sealed record FactorsHeld(bool App, bool Passkey)
{
    public bool Any => App || Passkey;
}
