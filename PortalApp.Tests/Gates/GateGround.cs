using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Notifications;
using PortalApp.Secrets;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Databases;

namespace PortalApp.Tests.Gates;

/// <summary>What lies below the gates: database, keys, mail queue, audit, tenants.</summary>
internal static class GateGround
{
    public static void Add(WebApplicationBuilder builder, TestDatabase database)
    {
        builder.Configuration.AddInMemoryCollection(
            database
                .Settings.Append(new("Portal:Origin", "https://portal.example"))
                .Select(s => KeyValuePair.Create(s.Key, (string?)s.Value))
        );
        builder.AddPortalData();
        builder.Services.AddSingleton(_ => MasterKey.OpenOrCreate(Path.Combine(database.Folder, "keys", "master.key")));
        builder.Services.AddSingleton<PortalKeys>();
        builder.Services.AddSingleton<MessageQueue>();
        builder.Services.AddSingleton<AddressFaults>();
        builder.Services.AddSingleton<AuditLog>();
        builder.Services.AddSingleton<TenantKeys>();
        builder.Services.AddSingleton<TenantStore>();
    }

    public static MessageContent Content(IServiceProvider services, OutgoingMessage message) =>
        services.GetRequiredService<MessageQueue>().Open(message);

    public static string Open(IServiceProvider services, OutgoingMessage mail)
    {
        var content = Content(services, mail);
        return $"{content.To}\n{content.Subject}\n{content.Text}";
    }
}
