namespace PortalApp.Registration;

internal static class RegistrationPaths
{
    public const string Begin = SignIn.SignInPaths.SecurityInfo;
    public const string Prove = "/security-info/prove";
    public const string Email = "/security-info/e-mail";
    public const string ConfirmEmail = $"{Email}?confirm=1";
    public const string Phone = "/security-info/phone";
    public const string ConfirmPhone = $"{Phone}?confirm=1";
    public const string Questions = "/security-info/questions";
    public const string App = "/security-info/app";
    public const string Passkey = "/security-info/passkey";
    public const string Codes = "/security-info/codes";
    public const string Remove = "/security-info/remove";

    /// <summary>Something is changed there.</summary>
    public static bool Changes(string? path) => path is Email or Phone or Questions or App or Passkey or Codes or Remove;

    /// <summary>Where somebody who had to prove who they are was on their way to; nowhere else (H50).</summary>
    public static string Wanted(string? path) =>
        path is Email or ConfirmEmail or Phone or ConfirmPhone or Questions or App or Passkey or Codes
        || path?.StartsWith($"{Remove}?method=", StringComparison.Ordinal) == true
            ? path
            : Begin;

    /// <param name="method">Such as <c>e-mail</c>.</param>
    public static string Removing(string method) => $"{Remove}?method={method}";

    public static string ProveFor(string path) => $"{Prove}?for={Uri.EscapeDataString(path)}";
}
