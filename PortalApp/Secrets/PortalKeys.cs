using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>The portal's own keys, 32 bytes each: made once, kept wrapped, loaded before the portal listens.</summary>
internal sealed class PortalKeys(IDbContextFactory<PortalDb> databases, MasterKey master)
{
    private readonly Dictionary<string, byte[]> keys = [];

    /// <summary>Of what a name without an account is shown.</summary>
    public byte[] Decoy => keys["decoy"];

    /// <summary>Of the codes' HMACs.</summary>
    public byte[] Code => keys["code"];

    /// <summary>Of the captcha's challenges.</summary>
    public byte[] Captcha => keys["captcha"];

    /// <summary>Of the throttle's bucket names.</summary>
    public byte[] Throttle => keys["throttle"];

    /// <summary>Of the audit's seals.</summary>
    public byte[] Audit => keys["audit"];

    internal static string PurposeOf(string name) => $"portal-key:{name}";

    public async Task LoadAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        foreach (var name in new[] { "decoy", "code", "captcha", "throttle", "audit" })
        {
            keys[name] = await LoadAsync(db, name, cancellation);
        }
    }

    /// <summary>Two portals that start together on one database end with the same key: the first row wins.</summary>
    private async Task<byte[]> LoadAsync(PortalDb db, string name, CancellationToken cancellation)
    {
        var row = await db.Set<WrappedPortalKey>().AsNoTracking().SingleOrDefaultAsync(k => k.Name == name, cancellation);
        if (row is null)
        {
            var (wrapped, number) = master.Wrap(PurposeOf(name), RandomNumberGenerator.GetBytes(32));
            await db.Database.ExecuteSqlAsync(
                $"INSERT INTO \"WrappedPortalKey\" (\"Name\", \"Wrapped\", \"KeyNumber\") VALUES ({name}, {wrapped}, {number}) ON CONFLICT DO NOTHING",
                cancellation
            );
            row = await db.Set<WrappedPortalKey>().AsNoTracking().SingleAsync(k => k.Name == name, cancellation);
        }

        return Unwrap(row);
    }

    private byte[] Unwrap(WrappedPortalKey row)
    {
        try
        {
            return master.Unwrap(PurposeOf(row.Name), row.KeyNumber, row.Wrapped);
        }
        catch (CryptographicException e)
        {
            throw new StartupException(
                master.Has(row.KeyNumber)
                    ? "Portal:MasterKeyFile: this is not the key that this database was made with; bring the right one back."
                    : $"Portal:MasterKeyFile: this database cannot be opened. {e.Message} Bring it back from its backup."
            );
        }
    }
}
