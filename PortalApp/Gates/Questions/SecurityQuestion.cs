using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Portal.Tenants;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Gates.Questions;

/// <summary>A question that a tenant lets its people choose: one that ships, in their language, or one of its own, as it wrote it in each.</summary>
internal sealed class SecurityQuestion
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }

    /// <summary>The number of the sentence that ships; null for the tenant's own.</summary>
    public int? Shipped { get; set; }

    /// <summary>The tenant's own; null for one that ships.</summary>
    public QuestionWords? Text { get; set; }

    /// <summary>From then on nobody chooses it, and it is not asked.</summary>
    public DateTimeOffset? RemovedAt { get; set; }
}

/// <summary>How many questions a tenant's people answer to register, and how many of those are asked. A tenant without a row has the defaults.</summary>
internal sealed class QuestionCounts
{
    public const int Fewest = 3;

    /// <summary>As many as fit on one form (<see cref="Layout.PostGuard.MaxFields"/>).</summary>
    public const int Most = 8;

    public TenantId Tenant { get; set; }
    public int Registered { get; set; } = 5;
    public int Asked { get; set; } = 3;
}

/// <summary>A person's answer to a question; nobody reads it again.</summary>
internal sealed class SecurityAnswer
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public required string UserId { get; set; }
    public long Question { get; set; }

    /// <summary>Of the answer's <see cref="AnswerText"/>, by <see cref="AnswerHashes"/>: slow, with a salt of its own.</summary>
    public required string Hash { get; set; }

    /// <summary>The form of the text that was hashed.</summary>
    public int Form { get; set; }
    public DateTimeOffset SetAt { get; set; }
}

/// <summary>The questions that one flow asks, a decoy's like anybody's.</summary>
internal sealed class QuestionDraw
{
    public long Id { get; set; }
    public TenantId Tenant { get; set; }
    public long Flow { get; set; }

    /// <summary>Their ids in the order in which they are asked, with a space between.</summary>
    public required string Questions { get; set; }

    /// <summary>Grows with each answer that is compared: what was typed for one draw says nothing to the next.</summary>
    public int Number { get; set; }

    /// <summary>What was compared last, as HMAC; null before the first.</summary>
    public byte[]? LastTyped { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }

    public long[] Asked => [.. Questions.Split(' ').Select(id => long.Parse(id, System.Globalization.CultureInfo.InvariantCulture))];
}

internal sealed class QuestionTables
    : IEntityTypeConfiguration<SecurityQuestion>,
        IEntityTypeConfiguration<QuestionCounts>,
        IEntityTypeConfiguration<SecurityAnswer>,
        IEntityTypeConfiguration<QuestionDraw>
{
    public void Configure(EntityTypeBuilder<SecurityQuestion> builder)
    {
        builder.HasKey(q => q.Id);
        builder.HasIndex(q => new { q.Tenant, q.Shipped }).IsUnique();
        builder.Property(q => q.Text).HasConversion<QuestionWordsText>();
        builder.HasOne<Tenant>().WithMany().HasForeignKey(q => q.Tenant).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<QuestionCounts> builder)
    {
        builder.HasKey(c => c.Tenant);
        builder.HasOne<Tenant>().WithOne().HasForeignKey<QuestionCounts>(c => c.Tenant).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<SecurityAnswer> builder)
    {
        builder.HasKey(a => a.Id);
        builder.HasIndex(a => new { a.UserId, a.Question }).IsUnique();
        builder.HasIndex(a => new { a.Tenant, a.Question });
        builder.HasOne<Tenant>().WithMany().HasForeignKey(a => a.Tenant).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<User>().WithMany().HasForeignKey(a => a.UserId).OnDelete(DeleteBehavior.Restrict);
        builder.HasOne<SecurityQuestion>().WithMany().HasForeignKey(a => a.Question).OnDelete(DeleteBehavior.Restrict);
    }

    public void Configure(EntityTypeBuilder<QuestionDraw> builder)
    {
        builder.HasKey(d => d.Id);
        builder.Ignore(d => d.Asked);
        builder.HasIndex(d => new { d.Tenant, d.Flow }).IsUnique();
        builder.HasIndex(d => d.ExpiresAt);
        builder.HasOne<Tenant>().WithMany().HasForeignKey(d => d.Tenant).OnDelete(DeleteBehavior.Restrict);
    }
}
