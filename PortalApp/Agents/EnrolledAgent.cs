using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Agents;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Agents;

/// <summary>An agent of a tenant; it may have several.</summary>
internal sealed class EnrolledAgent
{
    public const int MaxNameChars = 100;

    /// <summary>128 random bits; also the relay's SASL user name.</summary>
    public required string Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string Name { get; set; }

    /// <summary>SHA-256 of the agent's own relay secret (M11: no copy that the portal could use).</summary>
    public required byte[] RelaySecretHash { get; set; }
    public string? Version { get; set; }
    public DateTimeOffset EnrolledAt { get; set; }
    public DateTimeOffset? LastHelloAt { get; set; }

    /// <summary>What it said of itself in that hello: connectors, kinds, clocks. Null before, and of an agent too old to say.</summary>
    public AgentState? State { get; set; }

    /// <summary>Its clock minus the portal's in seconds, as its last signed call told, be it that the call was refused for just that.</summary>
    public int? ClockAhead { get; set; }

    /// <summary>From which that hello came; the relay keeps places for it.</summary>
    public string? Network { get; set; }

    /// <summary>The address of the relay that it was told in answer.</summary>
    public string? Relay { get; set; }
    public DateTimeOffset? RevokedAt { get; set; }
    public List<AgentKey> Keys { get; } = [];

    public static bool IsName(string name) =>
        name.Length is > 0 and <= MaxNameChars && !name.Any(char.IsControl) && !string.IsNullOrWhiteSpace(name);
}

/// <summary>A public key of an agent, with its generation and validity.</summary>
internal sealed class AgentKey
{
    /// <summary>RFC 7638 thumbprint.</summary>
    public required string Kid { get; set; }
    public required string AgentId { get; set; }
    public TenantId Tenant { get; set; }
    public AgentKeyUse Use { get; set; }
    public int Generation { get; set; }

    /// <summary>Public JWK, P-256.</summary>
    public required string Jwk { get; set; }
    public DateTimeOffset NotBefore { get; set; }
    public DateTimeOffset? NotAfter { get; set; }
}

internal enum AgentKeyUse
{
    Encryption = 1,
    Signing = 2,
}

/// <summary>A call token that was taken once (its <c>jti</c>), remembered until it expires.</summary>
internal sealed class SpentCall
{
    public required string TokenId { get; set; }
    public TenantId Tenant { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class AgentTables
    : IEntityTypeConfiguration<EnrolledAgent>,
        IEntityTypeConfiguration<AgentKey>,
        IEntityTypeConfiguration<SpentCall>
{
    public void Configure(EntityTypeBuilder<EnrolledAgent> builder)
    {
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => a.Tenant);
        builder.Property(a => a.State).HasConversion<StateAsJson, SameJson>();
        builder.HasMany(a => a.Keys).WithOne().HasForeignKey(k => k.AgentId);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant);
    }

    public void Configure(EntityTypeBuilder<AgentKey> builder)
    {
        builder.HasKey(k => k.Kid);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(k => k.Tenant);
    }

    public void Configure(EntityTypeBuilder<SpentCall> builder)
    {
        builder.HasKey(s => s.TokenId);
        builder.HasIndex(s => s.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(s => s.Tenant);
    }

    private static string Write(AgentState? state) => JsonSerializer.Serialize(state, WireJson.Options);

    /// <summary>What another version of the portal wrote and this one cannot read counts as not said: the next hello says it.</summary>
    private static AgentState? Read(string state)
    {
        try
        {
            return JsonSerializer.Deserialize<AgentState>(state, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed class StateAsJson() : ValueConverter<AgentState?, string>(state => Write(state), text => Read(text));

    private sealed class SameJson()
        : ValueComparer<AgentState?>(
            (one, other) => Write(one) == Write(other),
            state => Write(state).GetHashCode(StringComparison.Ordinal)
        );
}
