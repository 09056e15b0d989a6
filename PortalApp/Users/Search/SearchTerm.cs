using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Users.Search;

/// <summary>One thing that a person is found by, in the form of <see cref="SearchText"/>. Kept by <see cref="SearchTermKeeper"/> alone; nobody who is gone has any.</summary>
internal sealed class SearchTerm
{
    public required string UserId { get; init; }
    public TenantId Tenant { get; init; }
    public required string Term { get; init; }
}

internal sealed class SearchTermTable : IEntityTypeConfiguration<SearchTerm>
{
    public void Configure(EntityTypeBuilder<SearchTerm> builder)
    {
        builder.HasKey(t => new { t.UserId, t.Term });
        builder.HasIndex(t => new
        {
            t.Tenant,
            t.Term,
            t.UserId,
        });
        builder.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Cascade);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(t => t.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
