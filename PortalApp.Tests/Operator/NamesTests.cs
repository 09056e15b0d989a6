namespace PortalApp.Tests.Operator;

/// <summary>Names as an operator types them.</summary>
public sealed class NamesTests(OperatorPortal portal) : IClassFixture<OperatorPortal>
{
    [Fact]
    public async Task A_domain_is_one_in_both_spellings_and_a_second_tenant_cannot_have_it()
    {
        var other = (await portal.RunAsync("tenant", "add", "Other", "--helpdesk-phone", "+31 207654321")).Output.Trim();
        Assert.Equal(0, (await AddAsync("Bücher.example", portal.Tenant)).ExitCode);

        foreach (var again in new[] { "xn--bcher-kva.example", "XN--BCHER-KVA.example", "bu\u0308cher.example", "ｂücher。example" })
        {
            Assert.Contains("bücher.example belongs to tenant 1", (await AddAsync(again, other)).Error, StringComparison.Ordinal);
        }

        Assert.Equal(0, (await portal.RunAsync("user", "add", "anna@xn--bcher-kva.example")).ExitCode);
        Assert.Equal(0, (await portal.RunAsync("user", "set", "ANNA@BÜCHER.example", "--licensed", "false")).ExitCode);
        Assert.Contains("anna@bücher.example", await portal.StateAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H54")]
    public async Task A_domain_that_looks_like_another_is_listed_as_it_is_encoded()
    {
        Assert.Equal(0, (await AddAsync("c\u043Erp.test", portal.Tenant)).ExitCode);

        Assert.Contains("xn--crp-sed.test", await portal.StateAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Case", "H54")]
    [InlineData("an\u200Bna@cloud.test", "U+200B")]
    [InlineData("\u202Eanna@cloud.test", "U+202E")]
    [InlineData("anna@cl\u200Doud.test", "U+200D")]
    public async Task What_no_name_holds_is_named(string typed, string sign)
    {
        var added = await portal.RunAsync("user", "add", typed);
        var set = await portal.RunAsync("user", "set", typed, "--licensed", "false");

        Assert.Equal((1, 1), (added.ExitCode, set.ExitCode));
        Assert.Contains($"holds {sign}", added.Error, StringComparison.Ordinal);
        Assert.Contains($"holds {sign}", set.Error, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Case", "H54")]
    public async Task So_it_is_of_a_domain() =>
        Assert.Contains("it holds U+200D", (await AddAsync("co\u200Drp.test", portal.Tenant)).Error, StringComparison.Ordinal);

    private Task<Fixtures.Processes.CommandOutcome> AddAsync(string domain, string tenant) =>
        portal.RunAsync("domain", "add", domain, "--tenant", tenant, "--password-management", "CloudOnly");
}
