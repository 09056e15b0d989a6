namespace PortalApp.SignIn;

internal static class SignInPaths
{
    public const string Begin = "/sign-in";
    public const string Password = "/sign-in/password";
    public const string Provider = "/sign-in/provider";

    /// <summary>Where a right password that is due leads.</summary>
    public const string DuePassword = "/sign-in/change-password";

    /// <summary>Known to every provider: never change it.</summary>
    public const string Returned = "/sign-in/returned";
    public const string Verify = "/sign-in/verify";
    public const string SignOut = "/sign-out";
    public const string Welcome = "/welcome";
    public const string NewPassword = "/welcome/password";
    public const string Authenticator = "/welcome/authenticator";
    public const string Account = "/account";
    public const string ChangePassword = "/change-password";
    public const string SecurityInfo = "/security-info";

    /// <summary>Where who has a role works.</summary>
    public const string Desk = "/desk";

    /// <summary>Where an administrator tries and sets a domain's provider.</summary>
    public static string ProviderOf(string domain) => $"{Desk}/domains/{Uri.EscapeDataString(domain)}/provider";

    /// <summary>The path of our own that a sign-in leads back to; <see cref="Account"/> for anything else (H50).</summary>
    public static string Returning(string? wanted) =>
        wanted is ['/', ..]
        && !wanted.StartsWith("//", StringComparison.Ordinal)
        && !wanted.Contains('\\')
        && wanted.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? wanted
            : Account;
}
