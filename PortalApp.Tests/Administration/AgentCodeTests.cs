using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Administration;

public sealed class AgentCodeTests
{
    [Fact]
    public async Task A_code_for_an_agent_is_shown_once_and_kept_nowhere()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);

        var issued = await portal
            .Services.GetRequiredService<EnrolmentCodes>()
            .IssueAsync(portal.Tenant.Id, TenantSetup.By, "For Utrecht", default);

        var page = await admin.Browser.GetAsync("/desk/agents");
        Assert.Contains("For Utrecht", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(issued.Text, page.Html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(issued.Text, portal.Log.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(
            await portal.WithDbAsync(db => db.Set<AuditEntry>().Select(a => a.Detail ?? "").ToListAsync()),
            detail => detail.Contains(issued.Text, StringComparison.OrdinalIgnoreCase)
        );
        var row = await portal.WithDbAsync(db => db.Set<EnrolmentCode>().SingleAsync(c => c.Id == issued.Id));
        Assert.Equal(EnrolmentCodeText.Hash(issued.Text), row.Hash);
    }
}
