using PortalApp.Data;
using PortalApp.Helpdesk.Actions;
using PortalApp.Helpdesk.Approvals;
using PortalApp.Helpdesk.Callers;
using PortalApp.Helpdesk.Explanations;
using PortalApp.Helpdesk.Lookup;
using PortalApp.Helpdesk.ResetLinks;
using PortalApp.Helpdesk.TemporaryPasswords;
using PortalApp.Writeback.Requests;

namespace PortalApp.Helpdesk;

internal static class HelpdeskServices
{
    public static IHostApplicationBuilder AddHelpdesk(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<TraceSearch>();
        builder.Services.AddSingleton<AccountExplanations>();
        builder.Services.AddSingleton<CallerChecks>();
        builder.Services.AddSingleton<HelpdeskActions>();
        builder.Services.AddSingleton<HelpdeskDeeds>();
        builder.Services.AddSingleton<HelpTerms>();
        builder.Services.AddSingleton<PersonReach>();
        builder.Services.AddSingleton<UnlockStep>();
        builder.Services.AddSingleton<HelpdeskNotices>();
        builder.Services.AddSingleton<ResetLinkStore>();
        builder.Services.AddSingleton<TemporaryRights>();
        builder.Services.AddSingleton<TemporaryPasswordStep>();
        builder.Services.AddSingleton<ApprovalStore>();
        builder.Services.AddSingleton<HelpdeskRequestEnding>();
        builder.Services.AddSingleton<RequestEnded>(static provider => provider.GetRequiredService<HelpdeskRequestEnding>().EndAsync);
        builder.Services.AddSingleton(
            Retention.Of(
                "Proofs of callers",
                "they were given",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<CallerProof>().Where(p => p.ProvedAt < before).OrderBy(p => p.ProvedAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Links to begin a reset, hashed",
                "they were sent",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<ResetLink>().Where(l => l.SentAt < before).OrderBy(l => l.SentAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Questions for a second person's approval",
                "they were asked",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<Approval>().Where(a => a.AskedAt < before).OrderBy(a => a.AskedAt)
            )
        );
        return builder;
    }
}
