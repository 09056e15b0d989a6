using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentValidation;

namespace PortalApp.Audit;

/// <summary>Where the audit goes beside the database.</summary>
internal sealed class AuditOptions
{
    public const string Section = "Audit";

    public SyslogOptions Syslog { get; set; } = new();
}

/// <summary>A receiver of syslog over TLS (RFC 5424, RFC 5425).</summary>
internal sealed class SyslogOptions
{
    /// <summary>Empty: the audit is shipped nowhere.</summary>
    public string Host { get; set; } = "";

    public int Port { get; set; } = 6514;

    /// <summary>A PEM file of the private authorities that alone may vouch for the receiver; unless told, those of this machine.</summary>
    public string? Ca { get; set; }

    public bool IsOn => Host.Length > 0;
}

internal sealed class AuditOptionsValidator : AbstractValidator<AuditOptions>
{
    public AuditOptionsValidator()
    {
        RuleFor(a => a.Syslog.Host)
            .Must(host => Uri.CheckHostName(host) != UriHostNameType.Unknown)
            .When(a => a.Syslog.IsOn)
            .WithMessage("Audit:Syslog:Host: write the name of the syslog receiver, such as logs.example.com.");
        RuleFor(a => a.Syslog.Port).InclusiveBetween(1, 65535).WithMessage("Audit:Syslog:Port: write a port from 1 to 65535.");
        RuleFor(a => a.Syslog.Ca)
            .Must(file => AuthoritiesIn(file!) is { Count: > 0 })
            .Unless(a => string.IsNullOrEmpty(a.Syslog.Ca))
            .WithMessage(a => $"Audit:Syslog:Ca: {a.Syslog.Ca} is no file with certificates in PEM.");
    }

    /// <summary>Null where it cannot be read.</summary>
    public static X509Certificate2Collection? AuthoritiesIn(string file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file);
            return found;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return null;
        }
    }
}
