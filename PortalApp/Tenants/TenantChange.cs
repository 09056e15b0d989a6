using FluentValidation;
using PhoneNumbers;
using Portal.Contacts;
using PortalApp.Audit;
using PhoneNumber = Portal.Contacts.PhoneNumber;

namespace PortalApp.Tenants;

/// <summary>What an administrator sets of a tenant; null leaves as it is.</summary>
/// <param name="HelpdeskPhone">In the form of M28.</param>
/// <param name="HelpdeskEmail">Empty removes it.</param>
/// <param name="ResetEnabled">False closes the reset portal for the whole tenant.</param>
/// <param name="MaxUsers">Whom the tenant's directories may bring, those who are gone included.</param>
/// <param name="Language">Of those who chose none; one that the portal speaks.</param>
/// <param name="SenderName">As whom mails come; empty: by the address alone.</param>
/// <param name="AuditDays">Days that the audit is kept; 0: for good.</param>
/// <param name="PhoneCountries">Whose numbers are texted and called, by ISO 3166-1 with commas between; empty: those in use.</param>
internal sealed record TenantChange(
    string? Name,
    string? HelpdeskPhone,
    string? HelpdeskEmail,
    bool? ResetEnabled,
    int? MaxUsers = null,
    string? Language = null,
    string? SenderName = null,
    int? AuditDays = null,
    string? PhoneCountries = null
)
{
    /// <summary>Which values, for the audit; empty where none is set.</summary>
    public string Told =>
        string.Join(
            ", ",
            new[]
            {
                Name is null ? null : "name",
                HelpdeskPhone is null ? null : "helpdesk phone",
                HelpdeskEmail is null ? null : "helpdesk e-mail",
                ResetEnabled is { } open ? $"reset {(open ? "open" : "closed")}" : null,
                MaxUsers is { } most ? $"at most {most} users" : null,
                Language is null ? null : $"language {Language}",
                SenderName is null ? null : "sender of mails",
                AuditDays is { } days ? $"audit kept {(days == 0 ? "for good" : $"{days} days")}" : null,
                PhoneCountries is { } countries ? $"phones of {(countries.Length == 0 ? "countries in use" : countries)}" : null,
            }.OfType<string>()
        );

    /// <summary>Sets what has passed the validator.</summary>
    public void Write(Tenant tenant)
    {
        tenant.Name = Name?.Trim() ?? tenant.Name;
        tenant.HelpdeskPhone = PhoneNumber.TryParse(HelpdeskPhone)?.Value ?? tenant.HelpdeskPhone;
        tenant.HelpdeskEmail = HelpdeskEmail is null ? tenant.HelpdeskEmail : EmailAddress.TryParse(HelpdeskEmail)?.Value;
        tenant.ResetEnabled = ResetEnabled ?? tenant.ResetEnabled;
        tenant.MaxUsers = MaxUsers ?? tenant.MaxUsers;
        tenant.Language = Language ?? tenant.Language;
        tenant.SenderName = SenderName is null ? tenant.SenderName : Given(SenderName.Trim());
        tenant.AuditDays = AuditDays is { } days ? (days == 0 ? null : days) : tenant.AuditDays;
        tenant.PhoneCountries = PhoneCountries switch
        {
            null => tenant.PhoneCountries,
            "" => null,
            _ => PhoneCountries.ToUpperInvariant(),
        };
    }

    private static string? Given(string text) => text.Length == 0 ? null : text;
}

internal sealed class TenantChangeValidator : AbstractValidator<TenantChange>
{
    private static readonly HashSet<string> Known = [.. PhoneNumberUtil.GetInstance().GetSupportedRegions()];
    private const int MaxName = 100;
    private const int MostUsers = 10_000_000;
    public const int LeastAuditDays = 90;
    public const int MostAuditDays = 3650;

    public TenantChangeValidator()
    {
        RuleFor(c => c.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= MaxName && name.OnOneLine() == name)
            .Unless(c => c.Name is null)
            .WithMessage($"A tenant's name has 1 to {MaxName} characters on one line.");
        RuleFor(c => c.HelpdeskPhone)
            .Must(phone => PhoneNumber.TryParse(phone) is not null)
            .Unless(c => c.HelpdeskPhone is null)
            .WithMessage(c => $"Write \"{c.HelpdeskPhone}\" as + country code, one space, the rest, such as \"+31 201234567\".");
        RuleFor(c => c.HelpdeskEmail)
            .Must(email => EmailAddress.TryParse(email) is not null)
            .Unless(c => string.IsNullOrEmpty(c.HelpdeskEmail))
            .WithMessage(c => $"\"{c.HelpdeskEmail}\" is not an e-mail address.");
        RuleFor(c => c.MaxUsers)
            .InclusiveBetween(1, MostUsers)
            .Unless(c => c.MaxUsers is null)
            .WithMessage($"A tenant may have 1 to {MostUsers} users.");
        RuleFor(c => c.Language)
            .Must(language => language is { Length: 2 } && language.All(char.IsAsciiLetterLower))
            .Unless(c => c.Language is null)
            .WithMessage(c => $"\"{c.Language}\" is no language; write its two letters, such as nl.");
        RuleFor(c => c.SenderName)
            .Must(name => name!.Length <= MaxName && name.OnOneLine() == name)
            .Unless(c => string.IsNullOrEmpty(c.SenderName))
            .WithMessage($"The sender of mails has at most {MaxName} characters on one line.");
        RuleFor(c => c.AuditDays)
            .Must(days => days is 0 or (>= LeastAuditDays and <= MostAuditDays))
            .Unless(c => c.AuditDays is null)
            .WithMessage($"The audit is kept {LeastAuditDays} to {MostAuditDays} days, or for good: 0.");
        RuleFor(c => c.PhoneCountries)
            .Must(countries => countries!.ToUpperInvariant().Split(',').All(Known.Contains))
            .Unless(c => string.IsNullOrEmpty(c.PhoneCountries))
            .WithMessage(c => $"Write \"{c.PhoneCountries}\" as countries of two letters with commas between, such as NL,BE.");
    }
}
