using System.Globalization;
using System.Text;
using PortalApp.Audit.Chain;

namespace PortalApp.Audit.Syslog;

/// <summary>
/// An entry with its seal as a syslog message (RFC 5424), framed by its length (RFC 5425 §4.3): the audit's own facility, the event's number as
/// MSGID, the columns as structured data, the detail as text.
/// </summary>
internal static class SyslogMessage
{
    /// <summary>Facility 13 (log audit), severity 5 (notice).</summary>
    private const int Priority = (13 * 8) + 5;
    private const string Element = "audit@32473";

    public static byte[] Frame(AuditEntry entry, AuditSeal seal, string host)
    {
        var message = Encoding.UTF8.GetBytes(Text(entry, seal, host));
        return [.. Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{message.Length} ")), .. message];
    }

    private static string Text(AuditEntry entry, AuditSeal seal, string host)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture,
            $"<{Priority}>1 {entry.At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.ffffffZ} {host} portal - {(int)entry.Event} [{Element}"
        );
        Append(text, "event", entry.Event.ToString());
        Append(text, "tenant", entry.Tenant?.ToString());
        Append(text, "number", seal.Number.ToString(CultureInfo.InvariantCulture));
        Append(text, "seal", Convert.ToBase64String(seal.Mac));
        Append(text, "by", entry.By.ToString());
        Append(text, "of", entry.SubjectKind is { } kind ? new AuditSubject(kind, entry.Subject!).ToString() : null);
        Append(text, "request", entry.Request);
        Append(text, "trace", entry.Trace);
        Append(text, "outcome", entry.Outcome);
        Append(text, "reason", entry.Reason);
        Append(text, "network", entry.Network);
        text.Append(']');
        if (entry.Detail is { Length: > 0 } detail)
        {
            // The byte order mark says that what follows is UTF-8 (§6.4).
            text.Append(" \ufeff").Append(detail.OnOneLine());
        }

        return text.ToString();
    }

    private static void Append(StringBuilder text, string name, string? value)
    {
        if (value is null)
        {
            return;
        }

        text.Append(' ').Append(name).Append("=\"");
        foreach (var c in value.OnOneLine())
        {
            // §6.3.3
            if (c is '"' or '\\' or ']')
            {
                text.Append('\\');
            }

            text.Append(c);
        }

        text.Append('"');
    }
}
