using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
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
        var tenant = (await portal.Services.AddTenantAsync(new("Corp", "+31 201234567", null, null))).Id;
        var happened = new AuditEvent(AuditEventId.ForgedMessage, tenant, Actor.Agent("agent-1"))
        {
            Subject = AuditSubject.Agent("agent-1"),
            Request = "request-1",
            Network = "10.0.0.0/24",
            Detail = "first\r\nsecond \u001b[31mred",
        };

        await portal.Services.GetRequiredService<AuditLog>().WriteAsync(happened, Ct);

        await using var db = await portal.OpenDatabaseAsync();
        var entry = await db.Set<AuditEntry>().AsNoTracking().SingleAsync(a => a.Event == AuditEventId.ForgedMessage, Ct);
        Assert.Equal(
            ((TenantId?)tenant, "agent-1", "request-1", "10.0.0.0/24"),
            (entry.Tenant, entry.Subject, entry.Request, entry.Network)
        );
        Assert.Equal((Actor.Agent("agent-1"), AuditSubjectKind.Agent), (entry.By, entry.SubjectKind));
        Assert.Equal("first  second  [31mred", entry.Detail);
        var line = portal.Log.Split('\n').Single(l => l.Contains("32010", StringComparison.Ordinal));
        Assert.Contains("second", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', line);
    }

    [Fact]
    public void An_events_number_never_changes() =>
        Assert.Equal(
            "ResetBegun 31001, ResetDone 31002, ResetFailed 31003, AgentEnrolled 31004, AgentRevoked 31012, WritebackUp 31015, "
                + "WritebackDown 31016, TenantKeyOpened 31018, AuditDayClosed 31030, AuditTrimmed 31031, ForgedMessage 32010, EnrolmentRefused 34101, OutcomeRefused 34102, "
                + "SyncObjectRefused 34103, ResetUnknown 34104, ResetRefused 34105, GateLocked 34106, RateCapped 34107, AgentAlarm 34108, "
                + "FailureAlarm 34109, TenantChanged 34110, UserChanged 34111, PolicyPublished 34112, KeyRotated 34113, GroupChanged 34114, DropReleased 34118, SignedIn 34120, SignInFailed 34121, RoleChanged 34122, ChangeDone 34123, ChangeFailed 34124, ChangeUnknown 34125, UnlockBegun 34126, UnlockDone 34127, UnlockFailed 34128, UnlockUnknown 34129, HelpdeskActed 34130, ResetLinkUsed 34131, NumberNotServed 34140, AccountDisputed 34150",
            string.Join(", ", Enum.GetValues<AuditEventId>().Order().Select(id => $"{id} {(int)id}"))
        );
}
