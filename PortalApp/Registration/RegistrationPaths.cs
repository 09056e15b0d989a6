namespace PortalApp.Registration;

internal static class RegistrationPaths
{
    public const string Begin = SignIn.SignInPaths.SecurityInfo;
    public const string Prove = "/security-info/prove";
    public const string Email = "/security-info/e-mail";
    public const string ConfirmEmail = $"{Email}?confirm=1";
    public const string Phone = "/security-info/phone";
    public const string Questions = "/security-info/questions";
    public const string Remove = "/security-info/remove";

    /// <summary>Where somebody who had to prove who they are was on their way to; nowhere else (H50).</summary>
    public static string Wanted(string? path) =>
        path is Email or ConfirmEmail or Phone or Questions || path?.StartsWith($"{Remove}?method=", StringComparison.Ordinal) == true
            ? path
            : Begin;

    public static string ProveFor(string path) => $"{Prove}?for={Uri.EscapeDataString(path)}";
}
