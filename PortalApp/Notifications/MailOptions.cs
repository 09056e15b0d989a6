using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentValidation;
using Portal.Contacts;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>How mail leaves: by a real server, or, in Development on loopback alone, into a folder.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The sender's address.</summary>
    public string From { get; set; } = "";

    /// <summary>By which the portal greets mail servers, and which its Message-IDs carry; unless told, the host of the portal's origin.</summary>
    public string? HeloName { get; set; }
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Absolute folder, one file a mail. Development only.</summary>
    public string? Outbox { get; set; }

    public bool UsesOutbox => !string.IsNullOrEmpty(Outbox);
}

internal sealed class SmtpOptions
{
    public string Host { get; set; } = "";
    public int Port { get; set; } = 587;
    public string? UserName { get; set; }

    /// <summary>A file, so that the password is in no configuration or environment; unless told, systemd's credential <c>portal-smtp-password</c>.</summary>
    public string? PasswordFile { get; set; }
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    /// <summary>A PEM file of the private authorities that alone may vouch for the server; unless told, those of this machine.</summary>
    public string? Ca { get; set; }

    /// <summary>Whether the server's certificate is looked up as revoked; a private authority may have no list.</summary>
    public bool CheckRevocation { get; set; } = true;

    public string? ResolvedPasswordFile =>
        !string.IsNullOrEmpty(PasswordFile) ? PasswordFile : SystemdCredentials.Find("portal-smtp-password");
}

internal enum SmtpSecurity
{
    /// <summary>For a mail server on this machine alone.</summary>
    None,
    StartTls,
    Tls,
}

internal sealed class MailOptionsValidator : AbstractValidator<MailOptions>
{
    public MailOptionsValidator(bool development, bool loopbackOnly)
    {
        RuleFor(m => m.From)
            .Must(from => EmailAddress.TryParse(from) is not null)
            .WithMessage("Mail:From: write the address that mails come from, such as portal@example.com.");
        RuleFor(m => m.HeloName)
            .Must(name => Uri.CheckHostName(name) == UriHostNameType.Dns)
            .Unless(m => string.IsNullOrEmpty(m.HeloName))
            .WithMessage(m => $"Mail:HeloName: \"{m.HeloName}\" is no host's name; write one such as portal.example.com.");
        RuleFor(m => m.Smtp.Host)
            .NotEmpty()
            .Unless(m => m.UsesOutbox)
            .WithMessage("Mail:Smtp:Host: write the name of the mail server (or, in Development on loopback, a folder as Mail:Outbox).");
        When(
            m => m.UsesOutbox,
            () =>
            {
                RuleFor(m => m.Smtp.Host).Empty().WithMessage("Mail:Outbox: there is a Mail:Smtp:Host too; keep one of them.");
                RuleFor(m => m.Outbox)
                    .Must(_ => development)
                    .WithMessage(
                        "Mail:Outbox: an outbox shows every code to whoever opens it, so it exists in Development alone; set Mail:Smtp:Host."
                    )
                    .Must(_ => loopbackOnly)
                    .WithMessage(
                        "Mail:Outbox: an outbox shows every code, so the portal must listen on loopback alone; change Urls or set Mail:Smtp:Host."
                    )
                    .Must(path => Path.IsPathFullyQualified(path!))
                    .WithMessage("Mail:Outbox: write an absolute path.");
            }
        );
        RuleFor(m => m.Smtp).SetValidator(new SmtpOptionsValidator());
    }
}

internal sealed class SmtpOptionsValidator : AbstractValidator<SmtpOptions>
{
    public SmtpOptionsValidator()
    {
        RuleFor(s => s.Port).InclusiveBetween(1, 65535).WithMessage("Mail:Smtp:Port: write a port from 1 to 65535.");
        RuleFor(s => s.Security)
            .NotEqual(SmtpSecurity.None)
            .Unless(s => s.Host.Length == 0 || Loopback.Is(s.Host))
            .WithMessage(
                "Mail:Smtp:Security: None sends codes in the clear, so it is for a mail server on this machine alone; write StartTls or Tls."
            );
        RuleFor(s => s.Ca)
            .Must(IsPem)
            .Unless(s => string.IsNullOrEmpty(s.Ca))
            .WithMessage(s => $"Mail:Smtp:Ca: {s.Ca} is no file with certificates in PEM.");
        RuleFor(s => s.PasswordFile)
            .Must(File.Exists)
            .Unless(s => string.IsNullOrEmpty(s.PasswordFile))
            .WithMessage(s => $"Mail:Smtp:PasswordFile: there is no file {s.PasswordFile}.");
        RuleFor(s => s.ResolvedPasswordFile)
            .NotNull()
            .Unless(s => string.IsNullOrEmpty(s.UserName))
            .WithMessage("Mail:Smtp:PasswordFile: there is a Mail:Smtp:UserName, so write the file that holds its password.");
    }

    private static bool IsPem(string? file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file!);
            return found.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}
