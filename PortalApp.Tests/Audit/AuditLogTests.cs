using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Audit;

public class AuditLogTests(ForestFixture forests)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_is_in_the_database_and_on_one_line_of_the_log_with_its_number()
    {
        await using var portal = await InProcessPortal.StartAsync(await forests.CertificatesAsync(), Ct);

        await portal
            .Services.GetRequiredService<AuditLog>()
            .WriteAsync(AuditEventId.ForgedMessage, new(7), "agent-1", "request-1", "first\r\nsecond \u001b[31mred", "10.0.0.0/24", Ct);

        await using var db = await portal.OpenDatabaseAsync();
        var entry = await db.Set<AuditEntry>().AsNoTracking().SingleAsync(a => a.Event == AuditEventId.ForgedMessage, Ct);
        Assert.Equal((7, "agent-1", "request-1", "10.0.0.0/24"), (entry.Tenant?.Value, entry.Subject, entry.Request, entry.Network));
        Assert.Equal("first  second  [31mred", entry.Detail);
        var line = portal.Log.Split('\n').Single(l => l.Contains("32010", StringComparison.Ordinal));
        Assert.Contains("second", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', line);
    }

    [Fact]
    public void An_events_number_never_changes() =>
        Assert.Equal(
            "ResetBegun 31001, ResetDone 31002, ResetFailed 31003, AgentEnrolled 31004, AgentRevoked 31012, WritebackUp 31015, "
                + "WritebackDown 31016, TenantKeyOpened 31018, ForgedMessage 32010, EnrolmentRefused 34101, OutcomeRefused 34102, "
                + "SyncObjectRefused 34103, ResetUnknown 34104, ResetRefused 34105, GateLocked 34106, RateCapped 34107, AgentAlarm 34108, "
                + "TenantChanged 34110, UserChanged 34111",
            string.Join(", ", Enum.GetValues<AuditEventId>().Order().Select(id => $"{id} {(int)id}"))
        );
}
