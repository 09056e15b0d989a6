using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Portal.Relay.ServiceBus;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tenants;

namespace PortalApp.Relay.ServiceBus;

/// <summary>The tenants' own Service Buses; each change is a part of the caller's <see cref="Changes.ChangeAsync"/>.</summary>
internal sealed class ServiceBusStore(IDbContextFactory<PortalDb> databases, MasterKey master, AuditLog audit, TimeProvider clock)
{
    /// <summary>After it every agent that is about knows where its tenant's relay is now.</summary>
    private static readonly TimeSpan AgentsTold = TimeSpan.FromMinutes(5);

    /// <summary>Null where the tenant never had one; also one that it is leaving.</summary>
    public async Task<TenantServiceBus?> FindAsync(TenantId tenant, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<TenantServiceBus>().AsNoTracking().SingleOrDefaultAsync(b => b.Tenant == tenant, cancellation);
    }

    public ServiceBusKey Open(TenantServiceBus held)
    {
        var plain = master.Unwrap(PurposeOf(held.Tenant), held.KeyNumber, held.Wrapped);
        try
        {
            return ServiceBusKey.Read(Encoding.UTF8.GetString(plain)) is ServiceBusKeyReading.Good(var key)
                ? key
                : throw new CryptographicException($"What is kept as the Service Bus of tenant {held.Tenant} is no connection string.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <param name="connection">Of a policy that may send and do nothing else.</param>
    public async Task<ChangeOutcome<Uri>> SetAsync(
        PortalDb db,
        TenantId tenant,
        string connection,
        Actor by,
        CancellationToken cancellation
    )
    {
        var reading = ServiceBusKey.Read(connection);
        if (reading is ServiceBusKeyReading.Wrong(var why))
        {
            return new ChangeOutcome<Uri>.Wrong("ServiceBusFile", Fault.AsSaid, $"{why}.");
        }

        var key = ((ServiceBusKeyReading.Good)reading).Key;
        if (!await db.Set<Tenant>().AnyAsync(t => t.Id == tenant, cancellation))
        {
            return new ChangeOutcome<Uri>.NotThere();
        }

        var held = await db.Set<TenantServiceBus>().SingleOrDefaultAsync(b => b.Tenant == tenant, cancellation);
        if (held is null)
        {
            db.Add(
                held = new()
                {
                    Tenant = tenant,
                    Address = "",
                    Wrapped = [],
                }
            );
        }

        var now = clock.GetUtcNow();
        if (held.Address != key.Address.AbsoluteUri && held.Address != "" && !(now - held.LeftAt > AgentsTold))
        {
            return new ChangeOutcome<Uri>.Wrong("ServiceBusFile", Fault.AgentsAtRelay, held.Address);
        }

        held.Address = key.Address.AbsoluteUri;
        (held.Wrapped, held.KeyNumber) = master.Wrap(PurposeOf(tenant), Encoding.UTF8.GetBytes(connection.Trim()));
        (held.Since, held.LeftAt) = (now, null);
        Audit(db, tenant, by, $"relay set to {key}");
        return new ChangeOutcome<Uri>.Done(key.Address);
    }

    /// <summary>Back to the embedded relay. The key is deleted an hour later, when no agent can still be told of it.</summary>
    public async Task<ChangeOutcome<TenantId>> LeaveAsync(PortalDb db, TenantId tenant, Actor by, CancellationToken cancellation)
    {
        if (!await db.Set<Tenant>().AnyAsync(t => t.Id == tenant, cancellation))
        {
            return new ChangeOutcome<TenantId>.NotThere();
        }

        if (await db.Set<TenantServiceBus>().SingleOrDefaultAsync(b => b.Tenant == tenant && b.LeftAt == null, cancellation) is { } held)
        {
            held.LeftAt = clock.GetUtcNow();
            Audit(db, tenant, by, "relay set to the embedded one");
        }

        return new ChangeOutcome<TenantId>.Done(tenant);
    }

    /// <summary>For <see cref="WrappedRows"/>.</summary>
    public static async Task<int> RewrapAsync(PortalDb db, MasterKey master, CancellationToken cancellation)
    {
        var newest = master.Number;
        var rows = await db.Set<TenantServiceBus>()
            .AsNoTracking()
            .Where(b => b.KeyNumber != newest)
            .OrderBy(b => b.Tenant)
            .Take(WrappedRows.AtOnce)
            .ToListAsync(cancellation);
        foreach (var row in rows)
        {
            var purpose = PurposeOf(row.Tenant);
            var anew = master.Wrap(purpose, master.Unwrap(purpose, row.KeyNumber, row.Wrapped));
            await db.Set<TenantServiceBus>()
                .Where(b => b.Tenant == row.Tenant && b.KeyNumber == row.KeyNumber && b.Wrapped == row.Wrapped)
                .ExecuteUpdateAsync(
                    set => set.SetProperty(b => b.Wrapped, anew.Bytes).SetProperty(b => b.KeyNumber, anew.KeyNumber),
                    cancellation
                );
        }

        return rows.Count;
    }

    private void Audit(PortalDb db, TenantId tenant, Actor by, string what) =>
        audit.Add(db, new(AuditEventId.TenantChanged, tenant, by) { Subject = AuditSubject.Tenant(tenant), Detail = $"{what} by {by}" });

    private static string PurposeOf(TenantId tenant) => $"service-bus:{tenant}";
}
