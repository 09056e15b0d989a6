using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Writeback.Requests;

/// <summary>A writeback request: committed before it is sent, claimed by one agent, ended by one outcome. Never holds the password.</summary>
internal sealed class Request
{
    public required string Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>The user's cloud anchor; null for Health.</summary>
    public string? Anchor { get; set; }
    public RequestKind Kind { get; set; }
    public DateTimeOffset Issued { get; set; }
    public DateTimeOffset Deadline { get; set; }

    /// <summary>The attempt that was granted; set once by one statement.</summary>
    public string? Attempt { get; set; }
    public string? GrantedTo { get; set; }
    public DateTimeOffset? GrantedAt { get; set; }

    /// <summary>The <see cref="WritebackResult"/> as JSON; null while open.</summary>
    public string? Result { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Ended as unknown; evidence from the agent that was granted may still resolve it.</summary>
    public bool Unknown { get; set; }

    /// <summary>When evidence resolved what had ended as unknown.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>
    /// For the kinds that write: true from the commit until the outcome, and after an unknown one until no write of it can land any more. One
    /// open request for an account (unique index).
    /// </summary>
    public bool Open { get; set; }

    /// <summary>The use cases are to be told of the end from then on; null once they were.</summary>
    public DateTimeOffset? TellAt { get; set; }
}

internal sealed class WritebackTables : IEntityTypeConfiguration<Request>
{
    public void Configure(EntityTypeBuilder<Request> builder)
    {
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.Anchor }).IsUnique().HasFilter("\"Open\" = 1").HasDatabaseName("IX_RequestRow_OneOpen");
        builder.HasIndex(r => new { r.EndedAt, r.Deadline });
        builder.HasIndex(r => r.GrantedTo);
        builder.HasIndex(r => r.TellAt);
    }
}
