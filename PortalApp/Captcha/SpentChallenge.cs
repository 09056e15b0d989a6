using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PortalApp.Captcha;

/// <summary>A captcha challenge that was used, remembered until it expires, also over a restart (H17).</summary>
internal sealed class SpentChallenge
{
    public required string Nonce { get; set; }
    public DateTimeOffset ExpiresAt { get; set; }
}

internal sealed class CaptchaTables : IEntityTypeConfiguration<SpentChallenge>
{
    public void Configure(EntityTypeBuilder<SpentChallenge> builder)
    {
        builder.HasKey(c => c.Nonce);
        builder.HasIndex(c => c.ExpiresAt);
    }
}
