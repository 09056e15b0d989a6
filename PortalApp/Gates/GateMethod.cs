using PortalApp.Throttle;

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

internal static class GateMethods
{
    /// <summary>
    /// As which it counts where two different ones are asked for: a text and a call to the mobile phone prove the same thing, that one holds
    /// it.
    /// </summary>
    public static GateMethod Counted(this GateMethod method) => method == GateMethod.MobilePhoneCall ? GateMethod.MobilePhoneText : method;

    /// <summary>How often it may be answered wrongly about one person from one place, beside what holds for all methods together.</summary>
    public static Limit FailuresBy(this Limits limits, GateMethod method) =>
        method == GateMethod.AlternateEmail
            ? limits.FailuresByMail
            : limits.FailuresByMethod with
            {
                Name = $"{limits.FailuresByMethod.Name}/{method.Counted()}",
            };

    /// <summary>How many different ones these are.</summary>
    public static int Different(this IEnumerable<GateMethod> methods) => methods.Select(Counted).Distinct().Count();
}
