using Microsoft.AspNetCore.Authentication;
using PortalApp.Relay;

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
        builder.Services.AddSingleton<AgentStore>();
        builder.Services.AddSingleton<AgentCalls>();
        builder.Services.AddSingleton<AgentEnrolment>();
        builder.Services.AddSingleton<EnrolmentCodes>();
        builder.Services.AddSingleton<RelayCredentialCheck>(services => services.GetRequiredService<AgentStore>().CheckRelaySecretAsync);
        builder.Services.AddHostedService<RevocationWatch>();
        builder.Services.AddHostedService<AgentSweep>();
        return builder;
    }
}
