using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.Options;

namespace PortalApp.Data;

internal static class DataServices
{
    public static IHostApplicationBuilder AddPortalData(this IHostApplicationBuilder builder)
    {
        builder.AddOptions(PortalOptions.Section, new PortalOptionsValidator());
        builder.Services.AddSingleton(Contexts);
        builder.Services.AddHostedService<RetentionSweep>();
        builder.Services.AddScoped(services => services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContext());
        return builder;
    }

    /// <summary>Where the portal listens is checked with what else it is told; an operator's command does not listen.</summary>
    public static void AddListening(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<IValidateOptions<PortalOptions>>(new Listening(builder.Configuration));

    private static IDbContextFactory<PortalDb> Contexts(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        return options.Database switch
        {
            DatabaseKind.PostgreSql => new Pool<PostgreSqlPortalDb>(PostgreSqlPortalDb.On(options.ReadConnectionString()), services),
            _ => new Pool<SqlitePortalDb>(SqlitePortalDb.On(options.DatabaseFile), services),
        };
    }

    /// <summary>
    /// The stores ask for a <see cref="PortalDb"/>, and do not know which it is. A slice that keeps rows in step with others registers an
    /// <see cref="IInterceptor"/>.
    /// </summary>
    private sealed class Pool<T>(DbContextOptionsBuilder<T> options, IServiceProvider services) : IDbContextFactory<PortalDb>
        where T : PortalDb
    {
        private readonly PooledDbContextFactory<T> contexts = new(
            options.UseApplicationServiceProvider(services).AddInterceptors(services.GetServices<IInterceptor>()).Options
        );

        public PortalDb CreateDbContext() => contexts.CreateDbContext();
    }
}
