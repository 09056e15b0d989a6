using System.Text.Json.Serialization;

namespace Portal.DirectorySync;

/// <summary>One batch of an export: idempotent, at most 500 of both together. <paramref name="Run"/> names the run, <paramref name="Number"/> the batch in it (from 0).</summary>
/// <param name="Gone">Source anchors of accounts that the directory no longer has; null for none.</param>
public sealed record SyncBatch(
    string Run,
    int Number,
    bool Last,
    string Connector,
    IReadOnlyList<SyncObject> Objects,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Gone = null
);

/// <param name="SourceAnchor">The forest object's objectGUID, lower-case with hyphens. With the connector and the tenant it is the user's identity.</param>
/// <param name="MobilePhone">In the form of M28, or null.</param>
/// <param name="PhoneNumber">Office phone in the form of M28, or null.</param>
/// <param name="Mail">The directory's own address of the person, for notices alone; null also of an agent that is older than it.</param>
public sealed record SyncObject(
    string SourceAnchor,
    string UserPrincipalName,
    string? DisplayName,
    string? MobilePhone,
    string? PhoneNumber,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mail = null
);

/// <summary>The portal's answer: one entry for each object of the batch, in its order.</summary>
public sealed record SyncReport(IReadOnlyList<SyncObjectResult> Results);

/// <param name="CloudAnchor">Given once, the same ever after; null where <paramref name="Error"/> says why not.</param>
public sealed record SyncObjectResult(string SourceAnchor, string? CloudAnchor, string? Error);
