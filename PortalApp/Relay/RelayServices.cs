using Portal.Relay;
using PortalApp.Relay.Handshakes;
using PortalApp.Relay.Queues;

namespace PortalApp.Relay;

internal static class RelayServices
{
    public static IHostApplicationBuilder AddRelay(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RelayBroker>();
        builder.Services.AddSingleton<EmbeddedRelay>();
        builder.Services.AddSingleton<IRelay>(services => services.GetRequiredService<EmbeddedRelay>());
        builder.Services.AddSingleton<AgentNetworks>();
        builder.Services.AddSingleton<HandshakePlaces>();
        builder.Services.AddSingleton<RelayUpgrade>();
        return builder;
    }

    public static void MapRelay(this WebApplication app)
    {
        app.UseWebSockets();
        var relay = app.Services.GetRequiredService<EmbeddedRelay>();
        var upgrade = app.Services.GetRequiredService<RelayUpgrade>();
        app.Map(RelayLimits.Path, (RequestDelegate)upgrade.HandleAsync);

        // Kestrel waits for open connections: without this an attached agent holds up the end by half a minute.
        app.Lifetime.ApplicationStopping.Register(relay.Close);
    }
}
