using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Secrets;

internal static class SecretServices
{
    public static IHostApplicationBuilder AddSecrets(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(services =>
            MasterKey.OpenOrCreate(services.GetRequiredService<IOptions<PortalOptions>>().Value.ResolvedMasterKeyFile)
        );
        builder.Services.AddSingleton<PortalKeys>();
        builder.Services.AddSingleton<TenantKeys>();
        builder.Services.AddDataProtection().SetApplicationName("PasswordPortal").PersistKeysToDbContext<PortalDb>();
        builder
            .Services.AddOptions<KeyManagementOptions>()
            .Configure<MasterKey>((options, master) => options.XmlEncryptor = new DataProtectionWrap(master));
        return builder;
    }
}
