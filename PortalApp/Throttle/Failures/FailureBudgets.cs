using Portal.Tenants;
using PortalApp.Audit;

namespace PortalApp.Throttle.Failures;

/// <summary>
/// Wrong answers about all of a tenant's people together, and about all tenants' (H10). A budget that is used up locks nobody out: it raises an
/// alarm, and whoever begins is asked for more work.
/// </summary>
internal sealed class FailureBudgets(ThrottleStore throttle, Limits limits, AuditLog audit, ILogger<FailureBudgets> logger)
{
    private const string Everybody = "all tenants";

    public async Task CountAsync(TenantId tenant, CancellationToken cancellation)
    {
        if (!await throttle.TakeAsync(limits.FailuresOfTenant, $"{tenant}", cancellation))
        {
            await AlarmAsync(limits.FailuresOfTenant, tenant, cancellation);
        }

        if (!await throttle.TakeAsync(limits.FailuresOfAll, Everybody, cancellation))
        {
            await AlarmAsync(limits.FailuresOfAll, null, cancellation);
        }
    }

    /// <param name="tenant">Null for a name in no tenant's domain, which is asked like any other.</param>
    public async Task<bool> AreUsedUpAsync(TenantId? tenant, CancellationToken cancellation) =>
        await throttle.UsedUpUntilAsync(limits.FailuresOfAll, Everybody, cancellation) is not null
        || (tenant is { } one && await throttle.UsedUpUntilAsync(limits.FailuresOfTenant, $"{one}", cancellation) is not null);

    /// <summary>Once an hour for each budget.</summary>
    private async Task AlarmAsync(Limit budget, TenantId? tenant, CancellationToken cancellation)
    {
        if (await throttle.TakeAsync(limits.LocksAudited, $"{budget.Name}/{tenant}", cancellation))
        {
            logger.FailureBudgetUsedUp(budget.Most, tenant?.ToString() ?? Everybody);
            await audit.WriteAsync(
                new(AuditEventId.FailureAlarm, tenant, Actor.Portal) { Detail = $"{budget.Most} wrong answers within the hour" },
                cancellation
            );
        }
    }
}
