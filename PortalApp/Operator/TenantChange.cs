using FluentValidation;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;

namespace PortalApp.Operator;

/// <summary>What an operator sets of a tenant; null leaves as it is.</summary>
/// <param name="HelpdeskPhone">In the form of M28.</param>
/// <param name="HelpdeskEmail">Empty removes it.</param>
/// <param name="Gates">1 or 2.</param>
/// <param name="Reset">False closes the reset portal for the whole tenant.</param>
internal sealed record TenantChange(string? Name, string? HelpdeskPhone, string? HelpdeskEmail, int? Gates, bool? Reset)
{
    /// <summary>Which values, for the audit.</summary>
    public string Told =>
        string.Join(
            ", ",
            new (string Name, bool IsTold)[]
            {
                ("name", Name is not null),
                ("helpdesk phone", HelpdeskPhone is not null),
                ("helpdesk e-mail", HelpdeskEmail is not null),
                ($"gates {Gates}", Gates is not null),
                ($"reset {(Reset is true ? "open" : "closed")}", Reset is not null),
            }
                .Where(value => value.IsTold)
                .Select(value => value.Name)
        );

    public async Task<Refusal?> ApplyAsync(PortalDb db, Tenant tenant, CancellationToken cancellation)
    {
        if (new TenantChangeValidator().Validate(this) is { IsValid: false } mistakes)
        {
            return Refusal.Of(mistakes);
        }

        var name = Name?.Trim() ?? tenant.Name;
        if (await db.Set<Tenant>().AnyAsync(t => t.Name == name && t.Id != tenant.Id, cancellation))
        {
            return new($"There is a tenant called \"{name}\" already.");
        }

        Write(tenant, name);
        return null;
    }

    private void Write(Tenant tenant, string name)
    {
        tenant.Name = name;
        tenant.HelpdeskPhone = PhoneNumber.TryParse(HelpdeskPhone)?.Value ?? tenant.HelpdeskPhone;
        tenant.HelpdeskEmail = HelpdeskEmail is null ? tenant.HelpdeskEmail : EmailAddress.TryParse(HelpdeskEmail)?.Value;
        tenant.ResetEnabled = Reset ?? tenant.ResetEnabled;
    }
}

internal sealed class TenantChangeValidator : AbstractValidator<TenantChange>
{
    private const int MaxName = 100;

    public TenantChangeValidator()
    {
        RuleFor(c => c.Told).NotEmpty().WithMessage("There is nothing to set; see: tenant set --help.");
        RuleFor(c => c.Name)
            .Must(name => !string.IsNullOrWhiteSpace(name) && name.Length <= MaxName && name.OnOneLine() == name)
            .Unless(c => c.Name is null)
            .WithMessage($"A tenant's name has 1 to {MaxName} characters on one line.");
        RuleFor(c => c.HelpdeskPhone)
            .Must(phone => PhoneNumber.TryParse(phone) is not null)
            .Unless(c => c.HelpdeskPhone is null)
            .WithMessage(c =>
                $"--helpdesk-phone: write \"{c.HelpdeskPhone}\" as + country code, one space, the rest, such as \"+31 201234567\"."
            );
        RuleFor(c => c.HelpdeskEmail)
            .Must(email => EmailAddress.TryParse(email) is not null)
            .Unless(c => string.IsNullOrEmpty(c.HelpdeskEmail))
            .WithMessage(c => $"--helpdesk-email: \"{c.HelpdeskEmail}\" is not an e-mail address.");
    }
}
