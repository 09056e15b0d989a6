using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.PasswordReset;

/// <summary>Why no password can be set here, by the code that a person reads to the helpdesk. Never renumber.</summary>
internal enum RefusalCode
{
    /// <summary>Off for the organisation; also what a domain that nobody has reads as (H8).</summary>
    Closed = 9,
    WritebackNotDeployed = 10,
    NoLicence = 12,
    NotEnabled = 13,
    TooFewMethods = 14,

    /// <summary>The directory's account may not be set, or the organisation's side is not set up for it.</summary>
    OnPremises = 29,
    Unreachable = 30,

    /// <summary>Strangers used up what they may try for this account (H14).</summary>
    Limited = 31,

    /// <summary>The person says that what was done with their account was not them.</summary>
    Disputed = 32,
}

/// <param name="Tenant">Null for a domain that nobody has.</param>
internal sealed record Refusal(RefusalCode Code, string Trace, Tenant? Tenant)
{
    public static Refusal Of(RefusalCode code, Tenant? tenant) => new(code, AuditTrace.New(), tenant);

    public static string Text(RefusalCode code) => $"SSPR_{(int)code:0000}";

    public static string Text(RefusalCode code, string trace) => $"{Text(code)} · {trace}";
}
