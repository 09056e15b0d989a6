using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Registration;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Registration;

internal static class RegistrationSteps
{
    public static Task WaitAsync(this ResetPortal portal, int hours) => portal.SetTermsAsync(new(hours, null, null, null));

    public static async Task SetTermsAsync(this ResetPortal portal, RegistrationChange change)
    {
        var (store, cancellation) = (portal.Services.GetRequiredService<RegistrationTermsStore>(), TestContext.Current.CancellationToken);
        Assert.IsType<ChangeOutcome<RegistrationTerms>.Done>(
            await portal
                .Services.GetRequiredService<IDbContextFactory<PortalDb>>()
                .ChangeAsync(db => store.SetAsync(db, portal.Tenant.Id, change, Actor.Portal, cancellation), cancellation)
        );
    }
}
