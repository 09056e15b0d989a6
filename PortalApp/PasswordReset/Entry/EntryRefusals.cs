using PortalApp.Audit;
using PortalApp.Tenants;

namespace PortalApp.PasswordReset.Entry;

/// <summary>Refuses before the gates, with a trace by which the helpdesk finds it in the audit.</summary>
internal sealed class EntryRefusals(BoundedAudit audit, ILogger<EntryRefusals> logger)
{
    /// <param name="tenant">Null for a domain that nobody has.</param>
    /// <param name="subject">Null where it is refused before the name was looked up.</param>
    public async Task<EntryAnswer> RefuseAsync(
        RefusalCode code,
        Tenant? tenant,
        string? subject,
        Visitor visitor,
        CancellationToken cancellation
    )
    {
        var refusal = Refusal.Of(code, tenant);
        logger.Refused(code, tenant?.Id, refusal.Trace);
        await audit.WriteAsync(
            new(AuditEventId.ResetRefused, tenant?.Id, Actor.Visitor)
            {
                Subject = subject is null ? null : AuditSubject.User(subject),
                Trace = refusal.Trace,
                Reason = code.ToString(),
                Network = visitor.Network.Value,
                Detail = Refusal.Text(code),
            },
            cancellation
        );
        return new EntryAnswer.Refused(refusal);
    }
}
