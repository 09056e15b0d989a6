using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using PortalApp.Data;

namespace PortalApp.Secrets;

/// <summary>The keys below the master key, wrapped anew.</summary>
internal static class SecretRows
{
    public static readonly WrappedRows PortalKeys = new("the portal's own keys", RewrapPortalKeysAsync);
    public static readonly WrappedRows TenantKeys = new("the tenants' keys", RewrapTenantKeysAsync);
    public static readonly WrappedRows DataProtection = new("the keys of cookies and forms", RewrapDataProtectionAsync);

    private static async Task<int> RewrapPortalKeysAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var rows = await db.Set<WrappedPortalKey>().AsNoTracking().Where(k => k.KeyNumber != newest).ToListAsync(cancellation);
        foreach (var row in rows)
        {
            var purpose = Secrets.PortalKeys.PurposeOf(row.Name);
            var anew = master.Wrap(purpose, master.Unwrap(purpose, row.KeyNumber, row.Wrapped));
            await db.Set<WrappedPortalKey>()
                .Where(k => k.Name == row.Name && k.KeyNumber == row.KeyNumber)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(k => k.Wrapped, anew.Bytes).SetProperty(k => k.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return rows.Count;
    }

    private static async Task<int> RewrapTenantKeysAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var rows = await db.Set<WrappedTenantKey>()
            .AsNoTracking()
            .Where(k => k.KeyNumber != newest)
            .OrderBy(k => k.Tenant)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in rows)
        {
            var purpose = Secrets.TenantKeys.PurposeOf(row.Tenant, row.Generation);
            var anew = master.Wrap(purpose, master.Unwrap(purpose, row.KeyNumber, row.Wrapped));
            await db.Set<WrappedTenantKey>()
                .Where(k => k.Tenant == row.Tenant && k.Generation == row.Generation && k.KeyNumber == row.KeyNumber)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(k => k.Wrapped, anew.Bytes).SetProperty(k => k.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return rows.Count;
    }

    /// <summary>The framework keeps the number inside its XML. There are few of them, so all are looked at.</summary>
    private static async Task<int> RewrapDataProtectionAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var found = 0;
        foreach (var row in await db.Set<DataProtectionKey>().AsNoTracking().ToListAsync(cancellation))
        {
            var before = row.Xml;
            var xml = XElement.Parse(before!, LoadOptions.PreserveWhitespace);
            var old = xml.Descendants(DataProtectionWrap.Element)
                .Where(wrapped => (int)wrapped.Attribute(DataProtectionWrap.KeyNumber)! != master.Number)
                .ToList();
            if (old.Count == 0)
            {
                continue;
            }

            found++;
            old.ForEach(wrapped => wrapped.ReplaceWith(DataProtectionWrap.Wrap(master, DataProtectionWrap.Unwrap(master, wrapped))));
            var after = xml.ToString(SaveOptions.DisableFormatting);
            await db.Set<DataProtectionKey>()
                .Where(k => k.Id == row.Id && k.Xml == before)
                .ExecuteUpdateAsync(set => set.SetProperty(k => k.Xml, after), cancellation);
        }

        return found;
    }
}
