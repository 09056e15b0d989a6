using Portal.Relay;
using PortalApp.Data;
using PortalApp.Relay.Handshakes;
using PortalApp.Relay.Queues;
using PortalApp.Relay.ServiceBus;
using PortalApp.Secrets;

namespace PortalApp.Relay;

internal static class RelayServices
{
    public static IHostApplicationBuilder AddRelay(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<RelayBroker>();
        builder.Services.AddSingleton<EmbeddedRelay>();
        builder.Services.AddSingleton<AgentNetworks>();
        builder.Services.AddSingleton<HandshakePlaces>();
        builder.Services.AddSingleton<ServiceBusStore>();
        builder.Services.AddSingleton(new WrappedRows("keys of a Service Bus", ServiceBusStore.RewrapAsync));
        builder.Services.AddSingleton<ServiceBusClients>();
        builder.Services.AddSingleton<ServiceBusRelay>();
        builder.Services.AddSingleton<IRelay, TenantRelays>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Keys of a Service Bus",
                "the tenant left it",
                TimeSpan.FromHours(1),
                (db, before) => db.Set<TenantServiceBus>().Where(b => b.LeftAt < before).OrderBy(b => b.LeftAt)
            )
        );
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
