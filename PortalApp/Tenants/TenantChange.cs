using System.Net.Sockets;
using FluentValidation;
using PhoneNumbers;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Data;
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
/// <param name="PhoneCountries">Whose numbers are texted and called, by ISO 3166-1 with commas between, first the one that is chosen already where somebody registers a phone; empty: those in use.</param>
internal sealed record TenantChange(
    string? Name,
    string? HelpdeskPhone,
    string? HelpdeskEmail,
    bool? ResetEnabled,
    int? MaxUsers = null,
    string? Language = null,
    string? SenderName = null,
    int? AuditDays = null,
    string? PhoneCountries = null,
    string? Networks = null
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
                Networks is { } networks ? $"networks of offices {(networks.Length == 0 ? "none" : networks)}" : null,
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
        tenant.Networks = Networks is null ? tenant.Networks : Given(string.Join(',', Parts(Networks)));
    }

    public static string[] Parts(string networks) =>
        networks.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string? Given(string text) => text.Length == 0 ? null : text;
}

internal sealed class TenantChangeValidator : AbstractValidator<TenantChange>
{
    private static readonly HashSet<string> Known = [.. PhoneNumberUtil.GetInstance().GetSupportedRegions()];
    private const int MaxName = 100;
    private const int MostUsers = 10_000_000;
    private const int MostNetworks = 20;
    public const int LeastAuditDays = 90;
    public const int MostAuditDays = 3650;

    public TenantChangeValidator()
    {
        RuleFor(c => c.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= MaxName && name.OnOneLine() == name)
            .Unless(c => c.Name is null)
            .Says(Fault.TenantName, _ => [MaxName]);
        RuleFor(c => c.HelpdeskPhone)
            .Must(phone => PhoneNumber.TryParse(phone) is not null)
            .Unless(c => c.HelpdeskPhone is null)
            .Says(Fault.PhoneForm, c => [c.HelpdeskPhone!, "+31 201234567"]);
        RuleFor(c => c.HelpdeskEmail)
            .Must(email => EmailAddress.TryParse(email) is not null)
            .Unless(c => string.IsNullOrEmpty(c.HelpdeskEmail))
            .Says(Fault.NoEmailAddress, c => [c.HelpdeskEmail!]);
        RuleFor(c => c.MaxUsers).InclusiveBetween(1, MostUsers).Unless(c => c.MaxUsers is null).Says(Fault.TenantUsers, _ => [MostUsers]);
        RuleFor(c => c.Language)
            .Must(language => language is { Length: 2 } && language.All(char.IsAsciiLetterLower))
            .Unless(c => c.Language is null)
            .Says(Fault.NoLanguage, c => [c.Language!]);
        RuleFor(c => c.SenderName)
            .Must(name => name!.Length <= MaxName && name.OnOneLine() == name)
            .Unless(c => string.IsNullOrEmpty(c.SenderName))
            .Says(Fault.SenderName, _ => [MaxName]);
        RuleFor(c => c.AuditDays)
            .Must(days => days is 0 or (>= LeastAuditDays and <= MostAuditDays))
            .Unless(c => c.AuditDays is null)
            .Says(Fault.AuditDays, _ => [LeastAuditDays, MostAuditDays]);
        RuleFor(c => c.PhoneCountries)
            .Must(countries => countries!.ToUpperInvariant().Split(',').All(Known.Contains))
            .Unless(c => string.IsNullOrEmpty(c.PhoneCountries))
            .Says(Fault.PhoneCountries, c => [c.PhoneCountries!]);
        RuleFor(c => c.Networks)
            .Must(networks => TenantChange.Parts(networks!) is { Length: <= MostNetworks } parts && parts.All(IsOffice))
            .Unless(c => string.IsNullOrEmpty(c.Networks))
            .Says(Fault.Networks, c => [c.Networks!, MostNetworks]);
    }

    /// <summary>No office has more: who names half of the internet wants no limit at all.</summary>
    private static bool IsOffice(string typed) =>
        TrustedProxies.TryParse(typed) is { } network
        && network.PrefixLength >= (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 16 : 32);
}
