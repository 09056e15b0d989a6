using Microsoft.Extensions.Options;
using Portal.Relay;
using PortalApp.Data;
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

    /// <summary>A browser's page of another origin gets 403 (H96); agents send no Origin.</summary>
    public static void MapRelay(this WebApplication app)
    {
        var options = new WebSocketOptions();
        options.AllowedOrigins.Add(app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.Origin);
        app.UseWebSockets(options);
        var relay = app.Services.GetRequiredService<EmbeddedRelay>();
        var upgrade = app.Services.GetRequiredService<RelayUpgrade>();
        app.Map(RelayLimits.Path, (RequestDelegate)upgrade.HandleAsync);

        // Kestrel waits for open connections: without this an attached agent holds up the end by half a minute.
        app.Lifetime.ApplicationStopping.Register(relay.Close);
    }
}
