using PortalApp.Desk;

namespace PortalApp.Tests.Administration;

public sealed class CircuitCountTests
{
    [Fact]
    [Trait("Case", "H93")]
    public void One_person_and_all_together_have_only_so_many_circuits_and_a_closed_one_makes_room()
    {
        var count = new CircuitCount();
        var ofOne = Enumerable.Range(0, 1_000).Count(_ => count.TryOpen("anna"));
        var ofAll = Enumerable.Range(0, 10_000).Count(n => count.TryOpen($"person {n}"));

        Assert.Equal((20, 480), (ofOne, ofAll));
        Assert.False(count.TryOpen("ben"));
        count.Close("anna");
        Assert.True(count.TryOpen("ben"));
    }
}
