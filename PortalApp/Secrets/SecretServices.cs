using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Options;
using PortalApp.Audit.Chain;
using PortalApp.Data;

namespace PortalApp.Secrets;

internal static class SecretServices
{
    public static IHostApplicationBuilder AddSecrets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
        {
            var options = services.GetRequiredService<IOptions<PortalOptions>>().Value;
            DataFolder.Make(options.DataDirectory);
            return MasterKey.OpenOrCreate(options.ResolvedMasterKeyFile, mayCreate: () => IsEmpty(services));
        });
        builder.Services.AddSingleton<PortalKeys>();
        builder.Services.AddSingleton<AuditKeySource>(services => () => services.GetRequiredService<PortalKeys>().Audit);
        builder.Services.AddSingleton<TenantKeys>();
        builder.Services.AddSingleton(SecretRows.PortalKeys);
        builder.Services.AddSingleton(SecretRows.TenantKeys);
        builder.Services.AddSingleton(SecretRows.DataProtection);
        builder.Services.AddSingleton<MasterKeyRotation>();
        builder.Services.AddHostedService(services => services.GetRequiredService<MasterKeyRotation>());
        builder.Services.AddDataProtection().SetApplicationName("PasswordPortal").PersistKeysToDbContext<PortalDb>();
        builder
            .Services.AddOptions<KeyManagementOptions>()
            .Configure<MasterKey>((options, master) => options.XmlEncryptor = new DataProtectionWrap(master));
        return builder;
    }

    private static bool IsEmpty(IServiceProvider services)
    {
        using var db = services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext();
        var tables = db.GetService<IRelationalDatabaseCreator>();
        return !tables.Exists() || !tables.HasTables();
    }
}
