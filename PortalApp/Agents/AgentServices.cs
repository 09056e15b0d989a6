using PortalApp.Relay;

namespace PortalApp.Agents;

internal static class AgentServices
{
    public static IHostApplicationBuilder AddAgents(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<AgentStore>();
        builder.Services.AddSingleton<AgentCalls>();
        builder.Services.AddSingleton<AgentEnrolment>();
        builder.Services.AddSingleton<AgentHello>();
        builder.Services.AddSingleton<EnrolmentCodes>();
        builder.Services.AddSingleton<RelayCredentialCheck>(services => services.GetRequiredService<AgentStore>().CheckRelaySecretAsync);
        builder.Services.AddHostedService<RevocationWatch>();
        builder.Services.AddHostedService<AgentSweep>();
        return builder;
    }
}
