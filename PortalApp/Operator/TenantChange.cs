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

    public async Task<Refusal?> ApplyAsync(PortalDb db, Tenant tenant, CancellationToken ct)
    {
        if (Told.Length == 0)
        {
            return new("There is nothing to set; see: tenant set --help.");
        }

        if (Mistake() is { } sentence)
        {
            return new(sentence);
        }

        var name = Name?.Trim() ?? tenant.Name;
        if (await db.Set<Tenant>().AnyAsync(t => t.Name == name && t.Id != tenant.Id, ct))
        {
            return new($"There is a tenant called \"{name}\" already.");
        }

        Write(tenant, name);
        return null;
    }

    private string? Mistake()
    {
        if (Name is not null && (string.IsNullOrWhiteSpace(Name) || Name.Length > 100 || Name.OnOneLine() != Name))
        {
            return "A tenant's name has 1 to 100 characters on one line.";
        }

        if (HelpdeskPhone is not null && PhoneNumber.TryParse(HelpdeskPhone) is null)
        {
            return $"--helpdesk-phone: write \"{HelpdeskPhone}\" as + country code, one space, the rest, such as \"+31 201234567\".";
        }

        if (HelpdeskEmail is { Length: > 0 } && EmailAddress.TryParse(HelpdeskEmail) is null)
        {
            return $"--helpdesk-email: \"{HelpdeskEmail}\" is not an e-mail address.";
        }

        return Gates is null or 1 or 2 ? null : "--gates: write 1 or 2.";
    }

    private void Write(Tenant tenant, string name)
    {
        tenant.Name = name;
        tenant.HelpdeskPhone = PhoneNumber.TryParse(HelpdeskPhone)?.Value ?? tenant.HelpdeskPhone;
        tenant.HelpdeskEmail = HelpdeskEmail is null ? tenant.HelpdeskEmail : EmailAddress.TryParse(HelpdeskEmail)?.Value;
        tenant.PolicyVersion += Gates is { } gates && gates != tenant.GatesRequired ? 1 : 0;
        tenant.GatesRequired = Gates ?? tenant.GatesRequired;
        tenant.ResetEnabled = Reset ?? tenant.ResetEnabled;
    }
}
