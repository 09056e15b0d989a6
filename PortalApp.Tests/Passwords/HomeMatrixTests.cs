using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Passwords;

/// <summary>
/// Reset, change and an administrator's reset in each home, with each end, and with a portal that is killed at each step: what signs in at the portal afterwards, what the
/// audit says, and how often the person was written to.
/// </summary>
public class HomeMatrixTests
{
    private static readonly WritebackResult Unknown = new WritebackResult.Unknown(WritebackReason.AnswerLost, null);
    private static readonly WritebackResult Untried = new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null);
    private static readonly WritebackResult Refused = new WritebackResult.Rejected(WritebackReason.InHistory, null);

    /// <summary>How it ends, and whether the new password is the one in force then.</summary>
    private static readonly (string End, bool IsNew)[] OfPortal = [("applied", true), ("killed before it was sent", false)];
    private static readonly (string End, bool IsNew)[] OfDirectory =
    [
        .. OfPortal,
        ("refused", false),
        ("not attempted", false),
        ("unknown, then applied", true),
        ("unknown, then not attempted", false),
        ("killed before it was claimed", false),
        ("killed before its outcome", true),
        ("silent, and evidence days later", true),
    ];

    [Theory]
    [InlineData(PasswordManagement.CloudOnly, RequestKind.Reset)]
    [InlineData(PasswordManagement.CloudOnly, RequestKind.Change)]
    [InlineData(PasswordManagement.Federated, RequestKind.Reset)]
    [InlineData(PasswordManagement.Federated, RequestKind.Change)]
    [InlineData(PasswordManagement.PasswordHashSync, RequestKind.Reset)]
    [InlineData(PasswordManagement.PasswordHashSync, RequestKind.Change)]
    [InlineData(PasswordManagement.CloudOnly, RequestKind.AdministratorReset)]
    [InlineData(PasswordManagement.Federated, RequestKind.AdministratorReset)]
    [InlineData(PasswordManagement.PasswordHashSync, RequestKind.AdministratorReset)]
    public async Task Cloud_and_directory_are_never_two_and_page_audit_and_notice_agree(PasswordManagement home, RequestKind kind)
    {
        await using var ground = await HomeGround.StartAsync(home);
        var ends = home == PasswordManagement.CloudOnly ? OfPortal : OfDirectory;
        foreach (
            var (end, isNew) in kind == RequestKind.Change && home == PasswordManagement.CloudOnly ? [.. ends, ("refused", false)] : ends
        )
        {
            await ground.MeetAsync();

            var found = await FindAsync(ground, kind, end);

            Assert.Equal((end, Expected(home, kind, end, isNew)), (end, found));
        }
    }

    private static Found Expected(PasswordManagement home, RequestKind kind, string end, bool isNew)
    {
        var holds = home != PasswordManagement.Federated;
        var holdsNew = holds && (kind != RequestKind.AdministratorReset || home == PasswordManagement.CloudOnly);
        var page = kind == RequestKind.Reset ? 0 : 1;
        var (done, failed, unknown) =
            kind == RequestKind.Change
                ? (AuditEventId.ChangeDone, AuditEventId.ChangeFailed, AuditEventId.ChangeUnknown)
                : (AuditEventId.ResetDone, AuditEventId.ResetFailed, AuditEventId.ResetUnknown);
        var wasUnknown = end.StartsWith("unknown", StringComparison.Ordinal) || end.StartsWith("silent", StringComparison.Ordinal);
        return new(
            isNew && holdsNew,
            !isNew && holds,
            IsHeld: false,
            isNew ? RequestOutcome.Applied
                : end == "refused" ? RequestOutcome.Rejected
                : RequestOutcome.NotAttempted,
            string.Join(", ", [.. wasUnknown ? [unknown] : Array.Empty<AuditEventId>(), isNew ? done : failed]),
            isNew || wasUnknown ? page : 0
        );
    }

    /// <param name="New">Whether it signs in at the portal without the directory.</param>
    /// <param name="IsHeld">Whether a hash waits still.</param>
    /// <param name="Page">What the page reads.</param>
    private sealed record Found(bool New, bool Old, bool IsHeld, RequestOutcome? Page, string Audit, int Notices);

    private static async Task<Found> FindAsync(HomeGround ground, RequestKind kind, string end)
    {
        var isWrong = ground.Anna.Connector is null && end == "refused";
        var request = await ground.AskAsync(
            kind,
            current: isWrong ? "not the old one at all" : HomeGround.Old,
            sends: end != "killed before it was sent"
        );
        await EndAsync(ground, request, end);
        var row = await ground.Portal.RowAsync(request);
        return new(
            await ground.SignsInAsync(HomeGround.Other),
            await ground.SignsInAsync(HomeGround.Old),
            row.PendingHash is not null,
            row.Outcome,
            string.Join(", ", await ground.EventsAsync(request)),
            await ground.NoticesAsync()
        );
    }

    private static async Task EndAsync(HomeGround ground, string request, string end)
    {
        var applied = new WritebackResult.Applied(false) { SetAt = ground.Portal.Clock.GetUtcNow() };
        switch (end)
        {
            case "applied" or "refused" or "not attempted" when ground.Anna.Connector is not null:
                await ground.ClaimAsync(request);
                await ground.SayAsync(
                    request,
                    end == "applied" ? applied
                        : end == "refused" ? Refused
                        : Untried
                );
                break;
            case "unknown, then applied" or "unknown, then not attempted":
                await ground.ClaimAsync(request);
                await ground.SayAsync(request, Unknown);
                await ground.SayAsync(request, end.EndsWith("then applied", StringComparison.Ordinal) ? applied : Untried);
                break;
            case "killed before it was sent" or "killed before it was claimed":
                await ground.PassAsync(request, TimeSpan.FromMinutes(2));
                break;
            case "killed before its outcome":
                await ground.ClaimAsync(request);
                await using (var next = await PortalHost.StartAsync(beside: ground.Portal))
                {
                    await ground.SayAsync(request, applied, next);
                }

                break;
            case "silent, and evidence days later":
                await ground.ClaimAsync(request);
                await ground.PassAsync(request, TimeSpan.FromMinutes(2));
                ground.Portal.Clock.Skip(TimeSpan.FromDays(3));
                await ground.SayAsync(request, applied);
                break;
        }
    }
}

[OnPostgreSql]
public sealed class HomeMatrixTestsOnPostgreSql : HomeMatrixTests;
