namespace PortalApp.Tests;

public sealed class SmokeTests
{
    [Fact]
    public void A_name_is_compared_in_one_form() =>
        Assert.Equal("anna@corp.test", Portal.Tenants.UserPrincipalName.TryParse(" Anna@CORP.test ")!.Value);
}
