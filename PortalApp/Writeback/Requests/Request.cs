using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Writeback.Requests;

/// <summary>A writeback request: committed before it is sent, claimed by one agent, ended by one outcome. Never holds the password.</summary>
internal sealed class Request
{
    public required string Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>The user's cloud anchor; null where it is about nobody's account.</summary>
    public string? Anchor { get; set; }
    public RequestKind Kind { get; set; }

    /// <summary>The directory that the account comes from; null where the password lives in the portal alone.</summary>
    public string? Connector { get; set; }

    /// <summary>The number of the flow that asked, and its trace; null where no flow did.</summary>
    public long? Flow { get; set; }
    public string? Trace { get; set; }

    /// <summary>The id of the user who asked for somebody else; null where the person asked alone.</summary>
    public string? Initiator { get; set; }
    public DateTimeOffset Issued { get; set; }
    public DateTimeOffset Deadline { get; set; }

    /// <summary>The attempt that was granted; set once by one statement.</summary>
    public string? Attempt { get; set; }
    public string? GrantedTo { get; set; }
    public DateTimeOffset? GrantedAt { get; set; }

    /// <summary>The <see cref="WritebackResult"/> as JSON; null while open.</summary>
    public string? Result { get; set; }

    /// <summary>Which case the result is, and its reason, to be asked by; null while open.</summary>
    public RequestOutcome? Outcome { get; set; }
    public WritebackReason? Reason { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When evidence resolved what had ended as unknown.</summary>
    public DateTimeOffset? ResolvedAt { get; set; }

    /// <summary>
    /// For the kinds that write: true from the commit until the outcome, and after an unknown one until no write of it can land any more. One
    /// open request for an account (unique index).
    /// </summary>
    public bool Open { get; set; }

    /// <summary>
    /// Of a password that is tried, the old one of a change too, or an account that is explained: whose, also where the name has no account; one
    /// at a time. And which of the tenant's places it takes until it has ended (<see cref="VerifyPlaces"/>).
    /// </summary>
    public string? Subject { get; set; }
    public int? Place { get; set; }

    /// <summary>A hash that takes effect in the portal when this request ends as applied (M3), wrapped; null where none waits.</summary>
    public byte[]? PendingHash { get; set; }
    public int PendingHashKey { get; set; }

    /// <summary>The use cases are to be told of the end from then on; null once they were.</summary>
    public DateTimeOffset? TellAt { get; set; }
}

/// <summary>The case of a <see cref="WritebackResult"/>. Stored by number: never renumber.</summary>
internal enum RequestOutcome
{
    Applied = 1,
    Rejected = 2,
    NotAttempted = 3,

    /// <summary>Evidence from the agent that was granted may still resolve it.</summary>
    Unknown = 4,
    Settable = 5,
    Verified = 6,
    Explained = 7,
}

internal sealed class WritebackTables : IEntityTypeConfiguration<Request>
{
    private const string Asked = "\"Place\" IS NOT NULL AND \"EndedAt\" IS NULL";
    private const string Tried = "\"Subject\" IS NOT NULL AND (\"EndedAt\" IS NULL OR \"Open\")";

    public void Configure(EntityTypeBuilder<Request> builder)
    {
        builder.HasKey(r => r.Id);
        builder.HasIndex(r => new { r.Tenant, r.Anchor }).IsUnique().HasFilter("\"Open\"").HasDatabaseName("IX_Request_OneOpen");
        builder.HasIndex(r => new { r.Tenant, r.Subject }).IsUnique().HasFilter(Tried).HasDatabaseName("IX_Request_OneTried");
        builder.HasIndex(r => new { r.Tenant, r.Place }).IsUnique().HasFilter(Asked).HasDatabaseName("IX_Request_Places");
        builder.HasIndex(r => new
        {
            r.Tenant,
            r.Kind,
            r.EndedAt,
        });
        builder.HasIndex(r => r.Trace);
        builder.HasIndex(r => new { r.EndedAt, r.Deadline });
        builder.HasIndex(r => r.GrantedTo);
        builder.HasIndex(r => r.TellAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(r => r.Tenant);
        builder.HasOne<User>().WithMany().HasForeignKey(r => r.Anchor);
    }
}
