using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Secrets;

namespace PortalApp.Tests.Gates;

/// <summary>What lies below the gates: database, keys, mail queue, audit.</summary>
internal static class GateGround
{
    public static void Add(WebApplicationBuilder builder, string folder)
    {
        builder.Services.AddPooledDbContextFactory<PortalDb>(o => o.UseSqlite($"Data Source={Path.Combine(folder, "portal.db")}"));
        builder.Services.AddSingleton<PortalKeys>();
        builder.Services.AddSingleton<MailQueue>();
        builder.Services.AddSingleton<AuditLog>();
    }

    public static string Open(IServiceProvider services, OutgoingMail mail) => System.Text.Encoding.UTF8.GetString(mail.Content!);
}
