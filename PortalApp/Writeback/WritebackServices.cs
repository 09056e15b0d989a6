using PortalApp.Writeback.Requests;

namespace PortalApp.Writeback;

internal static class WritebackServices
{
    public static IHostApplicationBuilder AddWriteback(this IHostApplicationBuilder builder)
    {
        builder.Services.Configure<WritebackOptions>(builder.Configuration.GetSection(WritebackOptions.Section));
        builder.Services.AddSingleton<RequestSignals>();
        builder.Services.AddSingleton<EndTelling>();
        builder.Services.AddSingleton<RequestStore>();
        builder.Services.AddSingleton<RequestWatch>();
        builder.Services.AddSingleton<WritebackClient>();
        builder.Services.AddSingleton<HealthQuestions>();
        builder.Services.AddSingleton<WritebackHealth>();
        builder.Services.AddHostedService<RequestSweep>();
        return builder;
    }
}
