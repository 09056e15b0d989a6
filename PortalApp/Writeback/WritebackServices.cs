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
        builder.Services.AddSingleton<RequestWatch>();
        builder.Services.AddSingleton<WritebackClient>();
        builder.Services.AddSingleton<WritebackHealth>();
        builder.Services.AddHostedService<RequestSweep>();
        return builder;
    }
}
