using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Audit.Chain;
using PortalApp.Audit.Tallies;
using PortalApp.Secrets;

namespace PortalApp.Tenants;

internal sealed class Tenant : Revised
{
    public const int DefaultMaxUsers = 500_000;

    public TenantId Id { get; set; }
    public required string Name { get; set; }

    /// <summary>In the form of M28; shown on every refusal.</summary>
    public required string HelpdeskPhone { get; set; }
    public string? HelpdeskEmail { get; set; }

    /// <summary>False closes the reset portal for the whole tenant.</summary>
    public bool ResetEnabled { get; set; } = true;

    /// <summary>More are not taken from the tenant's directories: whoever holds an agent's keys must not fill the database.</summary>
    public int MaxUsers { get; set; } = DefaultMaxUsers;

    /// <summary>Of those who chose none, nor whose browser did; null: English.</summary>
    public string? Language { get; set; }

    /// <summary>As whom mails come, before the operator's address; null: by the address alone.</summary>
    public string? SenderName { get; set; }

    /// <summary>Days after which an entry of the audit goes; null: none goes.</summary>
    public int? AuditDays { get; set; }

    /// <summary>Whose numbers are texted and called, by ISO 3166-1 with commas between; null: its own and those that its people's numbers are of.</summary>
    public string? PhoneCountries { get; set; }

    /// <summary>Of its offices, with commas between: whole buildings behind a few addresses.</summary>
    public string? Networks { get; set; }
    public DateTimeOffset CreatedAt { get; set; }
}

/// <summary>A domain that belongs to one tenant alone; its name has the form of <see cref="DomainName"/>.</summary>
internal sealed class Domain
{
    public required string Name { get; set; }
    public TenantId Tenant { get; set; }
    public PasswordManagement PasswordManagement { get; set; }
}

/// <summary>Also ties what knows no tenant's row, because it lies below, to its tenant.</summary>
internal sealed class TenantTables
    : IEntityTypeConfiguration<Tenant>,
        IEntityTypeConfiguration<Domain>,
        IEntityTypeConfiguration<AuditEntry>,
        IEntityTypeConfiguration<AuditSeal>,
        IEntityTypeConfiguration<DailyTally>,
        IEntityTypeConfiguration<WrappedTenantKey>
{
    public void Configure(EntityTypeBuilder<Tenant> builder)
    {
        builder.HasKey(t => t.Id);
        builder.Property(t => t.Id).ValueGeneratedOnAdd();
        builder.HasIndex(t => t.Name).IsUnique();
        builder.IsRevised();
    }

    public void Configure(EntityTypeBuilder<Domain> builder)
    {
        builder.HasKey(d => d.Name);
        builder.HasIndex(d => d.Tenant);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(d => d.Tenant).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<AuditEntry> builder) =>
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);

    public void Configure(EntityTypeBuilder<AuditSeal> builder) =>
        builder.HasOne<Tenant>().WithMany().HasForeignKey(s => s.Tenant).OnDelete(DeleteBehavior.Restrict);

    public void Configure(EntityTypeBuilder<DailyTally> builder) =>
        builder.HasOne<Tenant>().WithMany().HasForeignKey(t => t.Tenant).OnDelete(DeleteBehavior.Restrict);

    public void Configure(EntityTypeBuilder<WrappedTenantKey> builder) =>
        builder.HasOne<Tenant>().WithMany().HasForeignKey(k => k.Tenant).OnDelete(DeleteBehavior.Restrict);
}
