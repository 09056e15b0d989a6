namespace PortalApp.Gates;

/// <summary>What a gate uses. Stored by number: never renumber.</summary>
internal enum GateMethod
{
    AlternateEmail = 1,
    MobilePhoneText = 2,
    MobilePhoneCall = 3,
    OfficePhoneCall = 4,
    SecurityQuestions = 5,
    AuthenticatorApp = 6,
    Passkey = 7,
    RecoveryCode = 8,
}
