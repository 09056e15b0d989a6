using Portal.Policy;
using PortalApp.Passwords;

namespace PortalApp.Tests.Passwords;

public sealed class PortalRulesTests
{
    [Theory]
    [InlineData("short", RuleBroken.TooShort)]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", RuleBroken.Common)]
    [InlineData("abcdefghijklmnopqrs", RuleBroken.Common)]
    [InlineData("summer1summer1summer1", RuleBroken.Common)]
    [InlineData("hello annabel from the sea", RuleBroken.HasName)]
    public void A_password_that_is_easily_guessed_is_not_taken(string typed, RuleBroken rule) =>
        Assert.Equal(
            [rule],
            Assert
                .IsType<PolicyVerdict.Rejected>(PortalRules.Judge(typed, new() { Id = "1", UserPrincipalName = "annabel@cloud.test" }))
                .Reasons
        );
}
