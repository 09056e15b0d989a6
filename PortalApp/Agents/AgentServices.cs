using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PortalApp.Data;
using PortalApp.Relay;
using PortalApp.Throttle;

namespace PortalApp.Agents;

internal static class AgentServices
{
    public static IHostApplicationBuilder AddAgents(this IHostApplicationBuilder builder)
    {
        // Who calls as an agent is asked where an agent may call, and not at every page.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        builder
            .Services.AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, AgentCallAuthentication>(AgentCallAuthentication.SchemeName, null);
        builder.Services.TryAddSingleton<PaceCount>();
        builder.Services.AddSingleton<AgentStore>();
        builder.Services.AddSingleton<AgentCalls>();
        builder.Services.AddSingleton<AgentEnrolment>();
        builder.Services.AddSingleton<AgentHello>();
        builder.Services.AddSingleton<EnrolmentCodes>();
        builder.Services.AddSingleton<SyncStandings>();
        builder.Services.AddSingleton<RelayCredentialCheck>(services => services.GetRequiredService<AgentStore>().CheckRelaySecretAsync);
        builder.Services.AddSingleton<RelayToldCheck>(services => services.GetRequiredService<AgentStore>().AllToldAsync);
        builder.Services.AddHostedService<RevocationWatch>();
        builder.Services.AddHostedService<AgentNetworksWatch>();
        builder.Services.AddSingleton(
            Retention.Of(
                "Used call tokens of agents",
                "they expired",
                TimeSpan.Zero,
                (db, before) => db.Set<SpentCall>().Where(s => s.ExpiresAt < before).OrderBy(s => s.ExpiresAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "Enrolment codes, hashed",
                "they ended",
                TimeSpan.FromDays(1),
                (db, before) => db.Set<EnrolmentCode>().Where(c => c.ExpiresAt < before).OrderBy(c => c.ExpiresAt)
            )
        );
        builder.Services.AddSingleton(
            Retention.Of(
                "What agents told of their synchronisation",
                "they told it last",
                TimeSpan.FromDays(30),
                (db, before) => db.Set<AgentSync>().Where(s => s.At < before).OrderBy(s => s.At)
            )
        );
        return builder;
    }
}
