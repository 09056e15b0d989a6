using Portal.Tenants;

namespace PortalApp.Tests.Tenants;

public sealed class UserPrincipalNameTests
{
    [Theory]
    [InlineData("a\ud800@corp.test")]
    [InlineData("a\ufffe@corp.test")]
    [InlineData("a\ufffd@corp.test")]
    [InlineData("a\u0000@corp.test")]
    [InlineData("a b@corp.test")]
    [InlineData("@corp.test")]
    [InlineData("anna@")]
    [Trait("Case", "H54")]
    public void What_cannot_be_a_name_is_none(string typed) => Assert.Null(UserPrincipalName.TryParse(typed));
}
