using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Registration;
using PortalApp.Tests.PasswordReset;

namespace PortalApp.Tests.Registration;

internal static class RegistrationSteps
{
    public static Task WaitAsync(this ResetPortal portal, int hours) => portal.SetTermsAsync(new() { WaitHours = hours });

    public static async Task SetTermsAsync(this ResetPortal portal, RegistrationTerms terms)
    {
        terms.Tenant = portal.Tenant.Id;
        Assert.IsType<ChangeOutcome<RegistrationTerms>.Done>(
            await portal
                .Services.GetRequiredService<RegistrationTermsStore>()
                .SetAsync(terms, Actor.Portal, TestContext.Current.CancellationToken)
        );
    }
}
