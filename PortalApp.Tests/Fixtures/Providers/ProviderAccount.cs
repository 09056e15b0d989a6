namespace PortalApp.Tests.Fixtures.Providers;

/// <summary>Somebody at the tests' provider.</summary>
/// <param name="Upn">The claim; null where the provider gives none.</param>
internal sealed record ProviderAccount(string Name, string Subject, string? Upn)
{
    public const string Password = "At-The-Provider-1";
}

/// <summary>What the tests' provider is told when it starts.</summary>
/// <param name="Returned">To which it sends browsers back.</param>
internal sealed record ProviderSetup(
    int Port,
    string CertificateFile,
    string KeyFile,
    string ClientId,
    string ClientSecret,
    string Returned,
    IReadOnlyList<ProviderAccount> Accounts
);
