using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Users;

namespace PortalApp.Tests.EndToEnd;

/// <summary>Accounts that are deleted in a real forest.</summary>
[Collection(WorldCollection.Name)]
public sealed class GoneAccountTests(World world)
{
    [Fact]
    [Trait("Case", "H32")]
    public async Task A_deleted_account_is_let_go_and_one_made_again_under_its_name_inherits_nothing()
    {
        var (gone, again) = (world.TakePerson(), world.TakePerson());
        var (old, other) = (Assert.Single(await UsersAsync(again)), Assert.Single(await UsersAsync(gone)));
        Assert.Contains(old.Contacts, contact => contact.Value == again.AlternateMail);
        await world.Agent.Process!.StopAsync(TimeSpan.FromSeconds(10));
        world.Forest.Admin.Delete(gone.Dn);
        world.Forest.Admin.Delete(again.Dn);
        world.Forest.Admin.AddAccount(again);

        await world.StartAgentAsync();

        await Eventually.TrueAsync(
            async () => await IsGoneAsync(gone) && (await UsersAsync(again)).Any(u => u.GoneAt is null && u.Id != old.Id),
            TimeSpan.FromSeconds(60),
            "the portal to let both go and to take the new account"
        );
        var made = Assert.Single(await UsersAsync(again), u => u.GoneAt is null);
        Assert.DoesNotContain(made.Contacts, contact => contact.Value == again.AlternateMail);
        Assert.Empty((await UsersAsync(again)).Single(u => u.Id == old.Id).Contacts);
        Assert.Equal(other.Id, Assert.Single(await UsersAsync(gone)).Id);
    }

    private async Task<bool> IsGoneAsync(ForestAccount person) =>
        Assert.Single(await UsersAsync(person)) is { GoneAt: not null, Contacts.Count: 0 };

    private async Task<IReadOnlyList<User>> UsersAsync(ForestAccount person)
    {
        await using PortalDb db = await world.Portal.OpenDatabaseAsync();
        var name = person.Upn.ToLowerInvariant();
        return await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .Where(u => u.Tenant == world.Tenant && u.UserPrincipalName == name)
            .ToListAsync();
    }
}
