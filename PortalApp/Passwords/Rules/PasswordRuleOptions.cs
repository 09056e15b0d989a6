using FluentValidation;

namespace PortalApp.Passwords.Rules;

/// <summary>What passwords have to be that live in the portal.</summary>
internal sealed class PasswordRuleOptions
{
    public const string Section = "Passwords";

    /// <summary>In characters as people count them; NIST SP 800-63B-4 asks for 15 where nothing else is asked for.</summary>
    public int MinimumLength { get; set; } = 15;

    /// <summary>How many earlier ones of a person are not taken again.</summary>
    public int History { get; set; } = 5;

    /// <summary>Words that count for no more than a common one, beside the organisation's own name.</summary>
    public IList<string> Banned { get; init; } = [];

    /// <summary>SHA-1 hashes of breached passwords in hexadecimal, one a line and in their order, as Have I Been Pwned gives them out.</summary>
    public string? BreachedFile { get; set; }

    /// <summary>Where the hashes of a prefix are asked for, such as https://api.pwnedpasswords.com/range/.</summary>
    public string? BreachedRange { get; set; }
}

internal sealed class PasswordRuleOptionsValidator : AbstractValidator<PasswordRuleOptions>
{
    public PasswordRuleOptionsValidator()
    {
        RuleFor(o => o.MinimumLength).InclusiveBetween(8, 64).WithMessage("Passwords:MinimumLength: write a number from 8 to 64.");
        RuleFor(o => o.History).InclusiveBetween(0, 24).WithMessage("Passwords:History: write a number from 0 to 24.");
        RuleFor(o => o.BreachedFile)
            .Must(file => Path.IsPathFullyQualified(file!) && File.Exists(file))
            .Unless(o => string.IsNullOrEmpty(o.BreachedFile))
            .WithMessage(o => $"Passwords:BreachedFile: {o.BreachedFile} is no file that is there; write its absolute path.");
        RuleFor(o => o.BreachedRange)
            .Must(address => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttps)
            .Unless(o => string.IsNullOrEmpty(o.BreachedRange))
            .WithMessage("Passwords:BreachedRange: write an https address, such as https://api.pwnedpasswords.com/range/.");
    }
}
