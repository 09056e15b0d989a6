namespace PortalApp.Tests.EndToEnd;

/// <summary>The tests that share one <see cref="World"/>: one portal, two tenants, two agents, one forest, one browser.</summary>
[CollectionDefinition(Name)]
public sealed class WorldCollection : ICollectionFixture<World>
{
    public const string Name = "World";
}
