using FluentValidation;
using PortalApp.Data;

namespace PortalApp.SignIn.Providers;

/// <summary>What somebody says of a domain's provider, all of it at once.</summary>
internal sealed record ProviderChange(string Issuer, string ClientId, string ClientSecret);

internal sealed class ProviderChangeValidator : AbstractValidator<ProviderChange>
{
    private const int LongestAddress = 300;
    private const int LongestClientId = 200;
    private const int LongestSecret = 1_000;

    public ProviderChangeValidator()
    {
        RuleFor(p => p.Issuer).Must(IsIssuer).Says(Fault.Issuer);
        RuleFor(p => p.ClientId).Must(id => IsPlain(id, LongestClientId)).Says(Fault.ClientId, _ => [LongestClientId]);
        RuleFor(p => p.ClientSecret).Must(secret => IsPlain(secret, LongestSecret)).Says(Fault.ClientSecret, _ => [LongestSecret]);
    }

    private static bool IsIssuer(string typed) =>
        typed.Length <= LongestAddress
        && IsPlain(typed, LongestAddress)
        && !typed.Contains(' ', StringComparison.Ordinal)
        && Uri.TryCreate(typed, UriKind.Absolute, out var address)
        && address.Scheme == Uri.UriSchemeHttps
        && address is { Query: "", Fragment: "", UserInfo: "" };

    private static bool IsPlain(string typed, int longest) =>
        typed.Length > 0 && typed.Length <= longest && typed.Trim() == typed && !typed.Any(char.IsControl);
}
