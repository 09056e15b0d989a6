using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Audit;

public sealed class ChangesTests
{
    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public async Task Whoever_finds_a_name_taken_at_the_last_moment_looks_again_but_not_for_ever(int collisions, bool ends)
    {
        await using var portal = await PortalHost.StartAsync();
        var calls = 0;
        var change = () =>
            portal.Services.ChangeAsync<int>(async db =>
            {
                await Task.Yield();
                return ++calls > collisions ? new ChangeOutcome<int>.Done(calls) : throw new DbUpdateException();
            });

        if (ends)
        {
            Assert.Equal(new ChangeOutcome<int>.Done(3), await change());
        }
        else
        {
            await Assert.ThrowsAsync<DbUpdateException>(change);
        }
    }
}
