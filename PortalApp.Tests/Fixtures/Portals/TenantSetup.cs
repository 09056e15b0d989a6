using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>Tenants as an operator adds them, with all that a tenant has.</summary>
internal static class TenantSetup
{
    public static readonly Actor By = Actor.Operator("a test");

    public static async Task<Tenant> AddTenantAsync(
        this IServiceProvider services,
        TenantChange values,
        params (string Name, PasswordManagement Management)[] domains
    ) =>
        Done(
            await services.ChangeAsync<Tenant>(async db =>
            {
                var tenant = Done(await services.GetRequiredService<TenantStore>().AddAsync(db, values, By, default));
                foreach (var (name, management) in domains)
                {
                    Done(await services.GetRequiredService<DomainStore>().AddAsync(db, tenant.Id, name, management, By, default));
                }

                return new ChangeOutcome<Tenant>.Done(tenant);
            })
        );

    public static Task<ChangeOutcome<T>> ChangeAsync<T>(this IServiceProvider services, Func<PortalDb, Task<ChangeOutcome<T>>> change) =>
        services.GetRequiredService<IDbContextFactory<PortalDb>>().ChangeAsync(change, default);

    private static T Done<T>(ChangeOutcome<T> outcome) => Assert.IsType<ChangeOutcome<T>.Done>(outcome).Value;
}
