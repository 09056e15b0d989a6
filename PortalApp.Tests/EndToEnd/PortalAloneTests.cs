using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.EndToEnd;

public sealed class PortalAloneTests(ForestFixture forests, BrowserFixture browsers)
{
    [Fact]
    public async Task A_tenant_without_an_agent_reads_so_before_any_gate()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), TestContext.Current.CancellationToken);
        var tenant = await portal.OperateAsync("tenant", "add", "Alone", "--helpdesk-phone", "+31 201234567");
        await portal.OperateAsync("domain", "add", "alone.test", "--tenant", tenant, "--password-management", "Federated");
        await using var tab = await browsers.OpenAsync(portal.Address, ColorScheme.Light);
        var wizard = new Wizard(tab);

        await wizard.IdentifyAsync("anna@alone.test");

        await tab.PictureAsync("alone");
        await wizard.ExpectHeadingAsync("cannot be reset here");
        await Assertions.Expect(wizard.Page.GetByText("SSPR_0010")).ToBeVisibleAsync();
        await tab.AssertCleanAsync();
    }
}
