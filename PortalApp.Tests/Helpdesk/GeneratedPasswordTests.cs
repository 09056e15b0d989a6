using Portal.Policy;
using PortalApp.Helpdesk.TemporaryPasswords;

namespace PortalApp.Tests.Helpdesk;

public sealed class GeneratedPasswordTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(19)]
    [InlineData(64)]
    [InlineData(255)]
    public void It_keeps_the_accounts_rules_and_has_nothing_that_is_taken_for_another(int minimum)
    {
        var rules = new PasswordRules(PolicySource.Domain, null, minimum, true, 24, true, null, ["abc", "kmb"]);
        var made = Enumerable.Range(0, 200).Select(_ => GeneratedPassword.For(rules)).ToList();

        Assert.Equal(200, made.Select(password => password.Show()).Distinct().Count());
        Assert.All(
            made,
            password =>
            {
                Assert.IsType<PolicyVerdict.Accepted>(rules.Judge(password.Show()));
                Assert.Equal(Math.Max(19, minimum), password.Show().Length);
                Assert.DoesNotContain(password.Show(), "0O1lIi".Contains);
                Assert.DoesNotContain("kmb", password.Show(), StringComparison.OrdinalIgnoreCase);
                Assert.Equal("(password)", $"{password}");
            }
        );
    }
}
