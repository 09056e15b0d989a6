using PortalApp.Administration.Agents;
using PortalApp.Administration.Domains;
using PortalApp.Administration.Events;
using PortalApp.Administration.Overview;
using PortalApp.Administration.People;
using PortalApp.Administration.Policies;
using PortalApp.Administration.Settings;
using PortalApp.Desk;
using PortalApp.Users;

namespace PortalApp.Administration;

internal static class AdministrationServices
{
    public static IHostApplicationBuilder AddAdministration(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<UserSearch>();
        builder.Services.AddSingleton<UserStanding>();
        builder.Services.AddSingleton<UserExport>();
        builder.Services.AddScoped<GroupChanges>();
        builder.Services.AddSingleton<PolicyExport>();
        builder.Services.AddSingleton<UserUpload>();
        builder.Services.AddSingleton<UserInvitation>();
        builder.Services.AddSingleton<EventSearch>();
        builder.Services.AddSingleton<ReadinessCount>();
        builder.Services.AddSingleton<TenantStates>();
        builder.Services.AddSingleton<Spikes>();
        builder.Services.AddSingleton<DomainList>();
        builder.Services.AddSingleton<TestMail>();
        builder.Services.AddSingleton<AgentDesk>();
        builder.Services.AddSingleton<LinkTest>();
        return builder;
    }

    public static void MapAdministration(this WebApplication app)
    {
        app.MapGet(
                "/desk/users.csv",
                (HttpContext http, UserExport export, string? q, string? role, long? group) => export.WriteAsync(http, q, role, group)
            )
            .RequireAuthorization(DeskAccess.Helpdesk)
            .WithMetadata(DeskPages.SaysWhose(Role.Helpdesk));
        app.MapGet("/desk/policies.json", (HttpContext http, PolicyExport export) => export.WriteAsync(http))
            .RequireAuthorization(DeskAccess.Administrator)
            .WithMetadata(DeskPages.SaysWhose(Role.Administrator));
    }
}
