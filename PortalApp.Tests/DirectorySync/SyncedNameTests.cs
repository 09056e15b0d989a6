using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Names as a directory has them.</summary>
public sealed class SyncedNameTests
{
    [Theory]
    [InlineData("Anna@BÜCHER.example", "anna@bücher.example")]
    [InlineData("anna@xn--bcher-kva.example", "anna@bücher.example")]
    [InlineData("Cafe\u0301@bücher.example", "café@bücher.example")]
    public async Task A_name_comes_in_the_form_in_which_it_is_typed(string upn, string held)
    {
        var (result, users) = await SyncAsync(upn);

        Assert.Null(result.Error);
        Assert.Equal([held], users);
    }

    [Theory]
    [Trait("Case", "H53")]
    [Trait("Case", "H54")]
    [InlineData("\u212Aate@bücher.example", "U+212A")]
    [InlineData("an\u202Ena@bücher.example", "U+202E")]
    [InlineData("o\u2019brien@bücher.example", "U+2019")]
    public async Task A_name_that_nobody_could_type_is_refused_by_what_it_holds(string upn, string sign)
    {
        var (result, users) = await SyncAsync(upn);

        Assert.Contains($"holds {sign}", result.Error, StringComparison.Ordinal);
        Assert.Empty(users);
    }

    private static async Task<(SyncObjectResult Result, IEnumerable<string> Users)> SyncAsync(string upn)
    {
        await using var portal = await PortalHost.StartAsync();
        var agent = await portal.EnrolAsync(await portal.AddTenantAsync("bücher.example"));
        var entry = new SyncObject("4f6c0e6b-0000-4000-8000-000000000001", upn, "Anna", null, null);
        var (_, report) = await agent.CallAsync<SyncReport>(AgentApi.Sync, new SyncBatch("run", 0, true, "corp.test", [entry]));
        return (Assert.Single(report!.Results), (await portal.UsersAsync()).Select(u => u.UserPrincipalName));
    }
}
