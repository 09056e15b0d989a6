using System.Text.RegularExpressions;
using FluentValidation;

namespace PortalApp.Notifications.Phone;

internal sealed partial class PhoneOptionsValidator : AbstractValidator<PhoneOptions>
{
    public PhoneOptionsValidator()
    {
        RuleFor(p => p.First).SetValidator(new PhoneProviderOptionsValidator(nameof(PhoneOptions.First)));
        RuleFor(p => p.Second).SetValidator(new PhoneProviderOptionsValidator(nameof(PhoneOptions.Second)));
        RuleForEach(p => p.TextPrices)
            .Matches(Price())
            .WithMessage((_, one) => $"{PhoneOptions.Section}:TextPrices: \"{one}\" is no country and price; write them such as NL=0.08.");
        RuleForEach(p => p.CallPrices)
            .Matches(Price())
            .WithMessage((_, one) => $"{PhoneOptions.Section}:CallPrices: \"{one}\" is no country and price; write them such as NL=0.08.");
    }

    [GeneratedRegex(@"\A[A-Z]{2}=[0-9]{1,4}(\.[0-9]{1,4})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Price();
}

internal sealed partial class PhoneProviderOptionsValidator : AbstractValidator<PhoneProviderOptions>
{
    public PhoneProviderOptionsValidator(string name)
    {
        var key = $"{PhoneOptions.Section}:{name}";
        When(
            p => p.Kind != PhoneProviderKind.None,
            () =>
            {
                RuleFor(p => p.SecretFile)
                    .Must(File.Exists)
                    .Unless(p => string.IsNullOrEmpty(p.SecretFile))
                    .WithMessage(p => $"{key}:SecretFile: there is no file {p.SecretFile}.");
                RuleForEach(p => p.Senders)
                    .Matches(Sender())
                    .WithMessage(
                        (_, one) => $"{key}:Senders: \"{one}\" is no prefix and sender; write them such as +44=Contoso or +1=+12025550100."
                    );
                RuleForEach(p => p.Prefixes)
                    .Matches(Prefix())
                    .WithMessage((_, one) => $"{key}:Prefixes: \"{one}\" is no beginning of a number; write one such as +31.");
            }
        );
        When(p => p.Kind == PhoneProviderKind.Twilio, () => AddTwilio(key, name));
        When(p => p.Kind == PhoneProviderKind.Gateway, () => AddGateway(key));
    }

    private void AddTwilio(string key, string name)
    {
        RuleFor(p => p.Address)
            .Must(IsHttps)
            .WithMessage(p => $"{key}:Address: \"{p.Address}\" is no address over https; leave it out for Twilio's own.");
        RuleFor(p => p.Account).Matches(AccountSid()).WithMessage($"{key}:Account: write the account's SID, AC and 32 characters.");
        RuleFor(p => p.From)
            .NotEmpty()
            .WithMessage($"{key}:From: write the number that messages come from, such as +3197010250000, or a messaging service's SID.");
        RuleFor(p => p)
            .Must(p => p.ResolvedSecretFile(name) is not null)
            .WithMessage($"{key}:SecretFile: write the file that holds the account's auth token.");
    }

    private void AddGateway(string key)
    {
        RuleFor(p => p)
            .Must(p => p.Text.Address.Length + p.Call.Address.Length > 0)
            .WithMessage($"{key}:Text:Address: write the address that takes texts, or one for calls as {key}:Call:Address.");
        RuleFor(p => p.Text).SetValidator(new GatewayOptionsValidator($"{key}:Text")).When(p => p.Text.Address.Length > 0);
        RuleFor(p => p.Call).SetValidator(new GatewayOptionsValidator($"{key}:Call")).When(p => p.Call.Address.Length > 0);
    }

    internal static bool IsHttps(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps;

    [GeneratedRegex(@"\A\+[1-9][0-9]{0,8}=.{1,40}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Sender();

    [GeneratedRegex(@"\A\+[1-9][0-9]{0,8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\AAC[0-9a-fA-F]{32}\z", RegexOptions.CultureInvariant)]
    private static partial Regex AccountSid();
}

internal sealed class GatewayOptionsValidator : AbstractValidator<GatewayOptions>
{
    public GatewayOptionsValidator(string key)
    {
        RuleFor(g => g.Address)
            .Must(PhoneProviderOptionsValidator.IsHttps)
            .WithMessage(g => $"{key}:Address: \"{g.Address}\" is no address over https.");
        RuleFor(g => g.Body)
            .Must((g, body) => (g.Address + body).Contains("{text}", StringComparison.Ordinal))
            .WithMessage($"{key}:Body: neither it nor the address names {{text}}, without which no message has a code.");
        RuleForEach(g => g.Headers)
            .Must(header => header.Split(": ", 2) is [{ Length: > 0 }, _])
            .WithMessage((_, one) => $"{key}:Headers: \"{one}\" is no header; write one such as Authorization: Bearer {{secret}}.");
        RuleFor(g => g.Sent).Must(IsPattern).WithMessage(g => $"{key}:Sent: \"{g.Sent}\" is no regular expression.");
        RuleFor(g => g.Refused).Must(IsPattern).WithMessage(g => $"{key}:Refused: \"{g.Refused}\" is no regular expression.");
    }

    private static bool IsPattern(string? pattern)
    {
        try
        {
            return pattern is null || new Regex(pattern, RegexOptions.NonBacktracking) is not null;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
