using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Tenants;

/// <summary>What a slice above gives to each new tenant, in the transaction that adds it.</summary>
internal delegate void TenantAdded(PortalDb db, TenantId tenant, Actor by);
