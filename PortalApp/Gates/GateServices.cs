namespace PortalApp.Gates;

internal static class GateServices
{
    public static IHostApplicationBuilder AddGates(this IHostApplicationBuilder builder)
    {
        builder.Services.AddLocalization();
        builder.Services.AddSingleton<GateSentences>();
        builder.Services.AddSingleton<IGate, EmailCodeGate>();
        builder.Services.AddHostedService<GateSweep>();
        return builder;
    }
}
