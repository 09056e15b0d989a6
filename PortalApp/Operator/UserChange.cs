using FluentValidation;
using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Operator;

/// <summary>What <c>user set</c> changes; null leaves a value alone, an empty text removes it.</summary>
internal sealed record UserChange(string[]? AlternateEmails, string? MobilePhone, string? OfficePhone, bool? Licensed, bool? Enabled)
{
    public bool IsEmpty =>
        AlternateEmails is not { Length: > 0 } && MobilePhone is null && OfficePhone is null && Licensed is null && Enabled is null;

    /// <summary>All or nothing: the values are looked at before the first is set.</summary>
    public Refusal? Apply(IServiceProvider services, PortalDb db, User user)
    {
        if (new UserChangeValidator().Validate(this) is { IsValid: false } mistakes)
        {
            return Refusal.Of(mistakes);
        }

        var emails = AlternateEmails is { Length: > 0 } ? AlternateEmails : null;
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (emails is not null)
        {
            Replace(
                user,
                ContactField.AlternateEmailAddresses,
                [
                    .. emails
                        .Where(e => e.Length > 0)
                        .Select(e => EmailAddress.TryParse(e)!.Value)
                        .Distinct(StringComparer.OrdinalIgnoreCase),
                ],
                now
            );
        }

        if (MobilePhone is not null)
        {
            Replace(user, ContactField.MobilePhone, Phone(MobilePhone), now);
        }

        if (OfficePhone is not null)
        {
            Replace(user, ContactField.PhoneNumber, Phone(OfficePhone), now);
        }

        user.Licensed = Licensed ?? user.Licensed;
        user.Enabled = Enabled ?? user.Enabled;
        user.ChangedAt = now;
        services
            .GetRequiredService<AuditLog>()
            .Add(db, AuditEventId.UserChanged, user.Tenant, user.Id, detail: $"{Named()} set by {HostOperator.Name}");
        return null;
    }

    /// <summary>What was set, without the values.</summary>
    private string Named()
    {
        string?[] names =
        [
            AlternateEmails is { Length: > 0 } ? nameof(ContactField.AlternateEmailAddresses) : null,
            MobilePhone is null ? null : nameof(ContactField.MobilePhone),
            OfficePhone is null ? null : nameof(ContactField.PhoneNumber),
            Licensed is null ? null : $"licensed={Licensed}",
            Enabled is null ? null : $"enabled={Enabled}",
        ];
        return string.Join(", ", names.OfType<string>());
    }

    private static string[] Phone(string typed) => PhoneNumber.TryParse(typed) is { } phone ? [phone.Value] : [];

    private static void Replace(User user, ContactField field, string[] values, DateTimeOffset now)
    {
        user.Contacts.RemoveAll(c => c.Field == field && c.Position >= values.Length);
        for (var position = 0; position < values.Length; position++)
        {
            var held = user.Contacts.SingleOrDefault(c => c.Field == field && c.Position == position);
            if (held is null)
            {
                held = new ContactValue
                {
                    Tenant = user.Tenant,
                    UserId = user.Id,
                    Field = field,
                    Position = position,
                    Value = "",
                };
                user.Contacts.Add(held);
            }

            (held.Value, held.Source, held.ChangedAt) = (values[position], ContactSource.Administrator, now);
        }
    }
}

internal sealed class UserChangeValidator : AbstractValidator<UserChange>
{
    public UserChangeValidator()
    {
        RuleFor(c => c.IsEmpty).Equal(false).WithMessage("There is nothing to set; see: user set --help.");
        RuleForEach(c => c.AlternateEmails)
            .Must(email => email.Length == 0 || EmailAddress.TryParse(email) is not null)
            .WithMessage((_, email) => $"\"{email}\" is not an e-mail address.");
        RuleFor(c => c.MobilePhone).Must(IsPhone).WithMessage(c => Form(c.MobilePhone));
        RuleFor(c => c.OfficePhone).Must(IsPhone).WithMessage(c => Form(c.OfficePhone));
    }

    private static bool IsPhone(string? typed) => string.IsNullOrEmpty(typed) || PhoneNumber.TryParse(typed) is not null;

    private static string Form(string? typed) => $"Write \"{typed}\" as + country code, one space, the rest, such as \"+31 612345678\".";
}
