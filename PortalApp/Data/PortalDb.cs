using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Portal.Tenants;

namespace PortalApp.Data;

/// <summary>
/// The one database. Slices own their entities and configurations, which are found by scan; they use <c>db.Set&lt;T&gt;()</c>. What only SQLite
/// or only PostgreSQL understands stands in the two that derive from it, and nowhere else.
/// </summary>
internal abstract class PortalDb(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>
    /// For what a power cut may take back (what lives for a minute, what would only be done again): this context's commits do not wait for the
    /// disk. They keep their order, and the next commit that does wait carries them along. No other user of the connection is touched.
    /// </summary>
    public abstract Task RelaxAsync(CancellationToken cancellation);

    /// <summary>
    /// A statement that looks at several rows and then writes: of those under one name the next begins when the transaction of the one before it
    /// has ended, so that each sees what the others wrote. Who takes several names in one transaction takes them in the order that all take them in.
    /// </summary>
    /// <returns>The rows that were written.</returns>
    public abstract Task<int> ExecuteAloneAsync(string name, FormattableString statement, CancellationToken cancellation);

    /// <summary>Once, before the first statement.</summary>
    public abstract Task PrepareAsync(CancellationToken cancellation);

    /// <summary>Held by one process at a time, and given back when it dies.</summary>
    /// <param name="patience">How long another's upgrade is waited for.</param>
    /// <exception cref="StartupException">It took longer.</exception>
    public abstract Task<IAsyncDisposable> LockUpgradesAsync(TimeSpan patience, TimeProvider clock, CancellationToken cancellation);

    protected override void OnModelCreating(ModelBuilder modelBuilder) =>
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PortalDb).Assembly);

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UtcTicks>();
        configurationBuilder.Properties<TenantId>().HaveConversion<TenantNumber>();
    }

    private sealed class UtcTicks()
        : ValueConverter<DateTimeOffset, long>(at => at.UtcTicks, ticks => new DateTimeOffset(ticks, TimeSpan.Zero));

    private sealed class TenantNumber() : ValueConverter<TenantId, int>(id => id.Value, value => new TenantId(value));
}
