using System.Text.Json;
using Portal.Agents;
using Portal.DirectorySync;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Writeback.Wire;

/// <summary>
/// What each file in this folder says, as a value. The files are the format: they are written by hand, and an installed agent or portal reads
/// them. A message that grows gets another file; the one that stands here is never changed, and goes on being read.
/// </summary>
internal static class WireSamples
{
    private const string Id = "AAECAwQFBgcICQoLDA0ODw";
    private const string Attempt = "EBESExQVFhcYGRobHB0eHw";
    private const string Hash = "QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8";
    private static readonly CloudAnchor Anchor = new("ICEiIyQlJicoKSorLC0uLw");
    private static readonly SealedTenantKey Key = new(2, "eyJhbGciOiJFQ0RILUVTK0EyNTZLVyJ9.AA.AA.AA.AA");
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly NewPassword Password = NewPassword.TryCreate("Nový-přístav-🔑 9")!;
    private static readonly RequestHeader Header = new(new(Id), new TenantId(7), Noon, Noon.AddSeconds(60));

    public static IReadOnlyDictionary<string, object> Calls { get; } =
        new Dictionary<string, object>
        {
            ["enrolment-request"] = new EnrolmentRequest(
                "0A1B2C-3D4E5-F6G7H-8J9KM-NPQRS",
                "dc-side-1",
                Jwk("enc"),
                Jwk("sig"),
                Hash,
                "1.4.0"
            ),
            ["enrolment-response"] = new EnrolmentResponse("agent-of-corp", 7, "Corp 黒川", "https://portal.example", [Key]),
            ["hello-request"] = new HelloRequest("1.4.0"),
            ["hello-request-with-state"] = new HelloRequest(
                "1.5.0",
                new(
                    [
                        new("corp.test", true, [new("dc1.corp.test", true, -2), new("dc2.corp.test", false, null)]),
                        new("黒川.test", false, []),
                    ],
                    [0, 1, 2, 99],
                    [2],
                    Noon
                )
            ),
            ["hello-response"] = new HelloResponse(7, [Key]),
            ["hello-response-with-relay"] = new HelloResponse(
                7,
                [],
                new("wss://portal.example/$servicebus/websocket", [new("corp.test", "tenant-7/connector-d3a3b0d4d3a3b0d4d3a3b0d4d3a3b0d4")])
            ),
            ["pending-request"] = new PendingRequest(),
            ["pending-response"] = new PendingResponse([new(Id, Hash)]),
            ["claim-request"] = new ClaimRequest(Id, Attempt),
            ["claim-response"] = new ClaimResponse(true, 58_500),
            ["outcome-request"] = new OutcomeRequest(Id, Attempt, new WritebackResult.Applied(true)),
            ["outcome-request-after-a-restart"] = new OutcomeRequest(
                Id,
                null,
                new WritebackResult.NotAttempted(WritebackReason.AgentFault, null)
            ),
            ["outcome-response"] = new OutcomeResponse(true),
            ["alarm-request-forged-message"] = Alarm(AlarmKind.ForgedMessage),
            ["alarm-request-expired-message"] = Alarm(AlarmKind.ExpiredMessage),
            ["alarm-request-rate-capped"] = Alarm(AlarmKind.RateCapped),
            ["alarm-request-no-write-counter"] = Alarm(AlarmKind.NoWriteCounter),
            ["alarm-request-copy"] = Alarm(AlarmKind.Copy),
            ["alarm-request-redelivered"] = Alarm(AlarmKind.Redelivered),
            ["sync-standing"] = new SyncStanding(
                "corp.test",
                Noon,
                Noon.AddMinutes(-5),
                "312 of 1284 are not found, and stay",
                1284,
                new(1, [new("sanne@corp.test", "mobile")]),
                new(2, [new("sem@corp-nl.test", "The user principal name is in no verified domain of this tenant.")]),
                new("e3b0c442", 312, 1284, ["noor@corp.test"])
            ),
            ["sync-standing-answer"] = new SyncStandingAnswer("e3b0c442"),
            ["sync-batch"] = new SyncBatch(
                "run-1",
                0,
                Last: false,
                "corp.test",
                [
                    new(
                        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
                        "anna@corp.test",
                        "Anna 黒川",
                        MobilePhone: "+31 612345678",
                        PhoneNumber: "+31 201234567x12"
                    ),
                    new("7f9619ff-8b86-d011-b42d-00c04fc964ff", "ben@corp.test", null, null, null),
                ]
            ),
            ["sync-batch-with-mail"] = new SyncBatch(
                "run-1",
                1,
                Last: true,
                "corp.test",
                [
                    new(
                        "6f9619ff-8b86-d011-b42d-00c04fc964ff",
                        "anna@corp.test",
                        "Anna 黒川",
                        "+31 612345678",
                        null,
                        Mail: "anna@mail.corp.test"
                    ),
                ]
            ),
            ["sync-batch-with-gone"] = new SyncBatch(
                "run-1",
                2,
                Last: true,
                "corp.test",
                [],
                Gone: ["6f9619ff-8b86-d011-b42d-00c04fc964ff", "7f9619ff-8b86-d011-b42d-00c04fc964ff"]
            ),
            ["sync-batch-with-groups"] = new SyncBatch(
                "groups",
                0,
                Last: true,
                "corp.test",
                [],
                Groups:
                [
                    new("8f9619ff-8b86-d011-b42d-00c04fc964ff", "Staff 黒川", ["6f9619ff-8b86-d011-b42d-00c04fc964ff"]),
                    new(
                        "9f9619ff-8b86-d011-b42d-00c04fc964ff",
                        "Guests",
                        ["7f9619ff-8b86-d011-b42d-00c04fc964ff"],
                        After: "6f9619ff-8b86-d011-b42d-00c04fc964ff",
                        Through: "7f9619ff-8b86-d011-b42d-00c04fc964ff"
                    ),
                ],
                GoneGroups: ["af9619ff-8b86-d011-b42d-00c04fc964ff"]
            ),
            ["sync-report-with-groups"] = new SyncReport(
                [],
                [new("8f9619ff-8b86-d011-b42d-00c04fc964ff", null), new("9f9619ff-8b86-d011-b42d-00c04fc964ff", "The group has no name.")]
            ),
            ["sync-report"] = new SyncReport([
                new("6f9619ff-8b86-d011-b42d-00c04fc964ff", Anchor.Value, null),
                new("7f9619ff-8b86-d011-b42d-00c04fc964ff", null, "held by another user"),
            ]),
        };

    public static IReadOnlyDictionary<string, WritebackResult> Results { get; } =
        new Dictionary<string, WritebackResult>
        {
            ["applied"] = new WritebackResult.Applied(false),
            ["applied-stays-locked"] = new WritebackResult.Applied(false, StaysLocked: true),
            ["rejected"] = new WritebackResult.Rejected(WritebackReason.InHistory, "0000052D: in the history"),
            ["rejected-with-rules"] = new WritebackResult.Rejected(
                WritebackReason.TooShort,
                null,
                new PasswordRules(PolicySource.Domain, null, 7, false, 0, false, null, [])
            ),
            ["not-attempted"] = new WritebackResult.NotAttempted(WritebackReason.Protected, "Domain Admins"),
            ["unknown"] = new WritebackResult.Unknown(WritebackReason.AnswerLost, null),
            ["settable"] = new WritebackResult.Settable(
                new PasswordRules(PolicySource.FineGrained, "Fine", 12, true, 24, true, Noon.AddDays(1), ["anna", "黒川"])
            ),
            ["settable-stays-locked"] = new WritebackResult.Settable(
                new PasswordRules(PolicySource.Domain, null, 7, false, 0, false, null, []),
                StaysLocked: true
            ),
            ["settable-may-unlock"] = new WritebackResult.Settable(
                new PasswordRules(PolicySource.Domain, null, 7, false, 0, false, null, []),
                MayUnlock: true
            ),
            ["verified"] = new WritebackResult.Verified(PasswordState.InForce),
            ["verified-must-change"] = new WritebackResult.Verified(PasswordState.MustChange),
            ["verified-expired"] = new WritebackResult.Verified(PasswordState.Expired),
            ["explained"] = new WritebackResult.Explained(
                [
                    new("Cloud anchor", true, "ICEiIyQlJicoKSorLC0uLw"),
                    new("The directory's answer now", false, "NoRight (34004)", "dsacls"),
                ],
                new("CN=Anna,DC=corp,DC=test", "dc1.corp.test", true, true, Noon, null, Noon.AddDays(-1), null),
                new PasswordRules(PolicySource.Domain, null, 7, false, 0, false, null, [])
            ),
            ["healthy"] = new WritebackResult.Healthy(),
        };

    public static IReadOnlyDictionary<string, WritebackRequest> Sealed { get; } =
        new Dictionary<string, WritebackRequest>
        {
            ["health"] = new WritebackRequest.Health(Header),
            ["check"] = new WritebackRequest.Check(Header, Anchor),
            ["reset"] = new WritebackRequest.Reset(Header, Anchor, Password),
            ["change"] = new WritebackRequest.Change(Header, Anchor, CurrentPassword.TryCreate("Alter Hafen 8")!, Password),
            ["unlock"] = new WritebackRequest.Unlock(Header, Anchor),
            ["administrator-reset"] = new WritebackRequest.AdministratorReset(Header, Anchor, Password, MustChange: true),
            ["verify"] = new WritebackRequest.Verify(Header, Anchor, CurrentPassword.TryCreate("Alter Hafen 8")!),
            ["explain"] = new WritebackRequest.Explain(Header, Anchor),
        };

    public static string TextOf(string folder, string name) => File.ReadAllText(Path.Combine(Folder(folder), name + ".json"));

    public static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(Folder(folder), "*.json").Select(file => Path.GetFileNameWithoutExtension(file));

    private static string Folder(string name) => Path.Combine(Repository.Root, "PortalApp.Tests", "Writeback", "Wire", name);

    private static AlarmRequest Alarm(AlarmKind kind) => new(kind, "A message at the tenant's relay address did not open.");

    private static JsonElement Jwk(string use) =>
        JsonElement.Parse(
            $$"""
            {
              "kty": "EC", "crv": "P-256", "use": "{{use}}",
              "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4", "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"
            }
            """
        );
}
