using System.Globalization;
using Microsoft.Extensions.Localization;
using Portal.Writeback;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tenants;

namespace PortalApp.PasswordReset;

/// <summary>What a person reads about an outcome: what happened, then what to do.</summary>
internal sealed class ResetSentences(IStringLocalizer<ResetTexts> texts)
{
    public string Heading(RefusalCode code) => texts[$"Refused{code}Heading"];

    public string Text(RefusalCode code) => texts[$"Refused{code}Text"];

    /// <summary>The code that a person reads to the helpdesk for an outcome.</summary>
    public static RefusalCode CodeOf(WritebackReason reason) =>
        reason
            is WritebackReason.DirectoryUnreachable
                or WritebackReason.NoAgent
                or WritebackReason.Expired
                or WritebackReason.AnswerLost
                or WritebackReason.AgentFault
            ? RefusalCode.Unreachable
            : RefusalCode.OnPremises;

    /// <summary>The mail that tells a person of a reset or an unlock.</summary>
    public (string Subject, string Text) Notice(Tenant tenant, Flow flow, bool isSure, DateTimeOffset at)
    {
        var kind = (flow.Purpose, isSure) switch
        {
            (FlowPurpose.Unlock, true) => "NoticeUnlocked",
            (FlowPurpose.Unlock, false) => "NoticeUnlockUnknown",
            (_, true) => "NoticeDone",
            _ => "NoticeUnknown",
        };
        var when = at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return (
            texts[$"{kind}Subject", tenant.Name],
            texts[$"{kind}Text", flow.UserPrincipalName, when, tenant.Name, tenant.HelpdeskPhone, flow.Trace]
        );
    }

    /// <summary>What the other administrators read of a reset by one of them.</summary>
    public (string Subject, string Text) OfAdministrator(Tenant tenant, Flow flow, DateTimeOffset at)
    {
        var when = at.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
        return (
            texts["OfAdministratorSubject", tenant.Name],
            texts["OfAdministratorText", flow.UserPrincipalName, when, tenant.Name, flow.Trace]
        );
    }
}
