using Portal.Contacts;
using PortalApp.Data;

namespace PortalApp.Notifications;

/// <summary>How mail leaves: by a real server, or, in Development on loopback alone, into a folder.</summary>
internal sealed class MailOptions
{
    public const string Section = "Mail";

    /// <summary>The sender's address.</summary>
    public string From { get; set; } = "";
    public SmtpOptions Smtp { get; set; } = new();

    /// <summary>Absolute folder, one file a mail. Development only.</summary>
    public string? Outbox { get; set; }

    public bool UsesOutbox => !string.IsNullOrEmpty(Outbox);

    public IEnumerable<string> Errors(bool development, bool loopbackOnly)
    {
        if (EmailAddress.TryParse(From) is null)
        {
            yield return "Mail:From: write the address that mails come from, such as portal@example.com.";
        }

        if (!UsesOutbox && string.IsNullOrEmpty(Smtp.Host))
        {
            yield return "Mail:Smtp:Host: write the name of the mail server (or, in Development on loopback, a folder as Mail:Outbox).";
        }

        if (UsesOutbox && !string.IsNullOrEmpty(Smtp.Host))
        {
            yield return "Mail:Outbox: there is a Mail:Smtp:Host too; keep one of them.";
        }

        if (UsesOutbox && !development)
        {
            yield return "Mail:Outbox: an outbox shows every code to whoever opens it, so it exists in Development alone; set Mail:Smtp:Host.";
        }

        if (UsesOutbox && !loopbackOnly)
        {
            yield return "Mail:Outbox: an outbox shows every code, so the portal must listen on loopback alone; change Urls or set Mail:Smtp:Host.";
        }

        if (UsesOutbox && !Path.IsPathFullyQualified(Outbox!))
        {
            yield return "Mail:Outbox: write an absolute path.";
        }

        foreach (var error in Smtp.Errors())
        {
            yield return error;
        }
    }
}

internal sealed class SmtpOptions
{
    public string Host { get; set; } = "";
    public int Port { get; set; } = 587;
    public string? UserName { get; set; }

    /// <summary>A file, so that the password is in no configuration or environment; unless told, systemd's credential <c>portal-smtp-password</c>.</summary>
    public string? PasswordFile { get; set; }
    public SmtpSecurity Security { get; set; } = SmtpSecurity.StartTls;

    public string? ResolvedPasswordFile =>
        !string.IsNullOrEmpty(PasswordFile) ? PasswordFile : SystemdCredentials.Find("portal-smtp-password");

    public IEnumerable<string> Errors()
    {
        if (Port is < 1 or > 65535)
        {
            yield return "Mail:Smtp:Port: write a port from 1 to 65535.";
        }

        if (Security == SmtpSecurity.None && Host.Length > 0 && !Loopback.Is(Host))
        {
            yield return "Mail:Smtp:Security: None sends codes in the clear, so it is for a mail server on this machine alone; write StartTls or Tls.";
        }

        if (!string.IsNullOrEmpty(PasswordFile) && !File.Exists(PasswordFile))
        {
            yield return $"Mail:Smtp:PasswordFile: there is no file {PasswordFile}.";
        }
        else if (!string.IsNullOrEmpty(UserName) && ResolvedPasswordFile is null)
        {
            yield return "Mail:Smtp:PasswordFile: there is a Mail:Smtp:UserName, so write the file that holds its password.";
        }
    }
}

internal enum SmtpSecurity
{
    /// <summary>For a mail server on this machine alone.</summary>
    None,
    StartTls,
    Tls,
}
