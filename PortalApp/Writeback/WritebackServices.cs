using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

internal static class WritebackServices
{
    public static IHostApplicationBuilder AddWriteback(this IHostApplicationBuilder builder)
    {
        builder.AddOptions(WritebackOptions.Section, new WritebackOptionsValidator());
        builder.Services.AddSingleton<RequestSignals>();
        builder.Services.AddSingleton<EndTelling>();
        builder.Services.AddSingleton<RequestStore>();
        builder.Services.AddSingleton<VerifyPlaces>();
        builder.Services.AddSingleton<RequestWatch>();
        builder.Services.AddSingleton<WritebackClient>();
        builder.Services.AddSingleton<HealthQuestions>();
        builder.Services.AddSingleton<WritebackHealth>();
        builder.Services.AddHostedService<RequestSweep>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Questions to agents",
                "they were answered",
                TimeSpan.FromHours(1),
                (db, before) =>
                    db.Set<Request>()
                        .Where(r =>
                            (r.Kind == RequestKind.Check || r.Kind == RequestKind.Verify || r.Kind == RequestKind.Explain)
                            && r.EndedAt < before
                        )
                        .OrderBy(r => r.EndedAt)
            )
        );
        return builder;
    }
}
