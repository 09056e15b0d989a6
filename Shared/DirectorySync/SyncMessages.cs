using System.Text.Json.Serialization;

namespace Portal.DirectorySync;

/// <summary>One batch of an export: idempotent, at most 500 of both together. <paramref name="Run"/> names the run, <paramref name="Number"/> the batch in it (from 0).</summary>
/// <param name="Gone">Source anchors of accounts that the directory no longer has; null for none.</param>
/// <param name="Groups">After the people who are in them; null for none.</param>
/// <param name="GoneGroups">Source anchors of groups that the directory, or the agent's list, no longer has; null for none.</param>
public sealed record SyncBatch(
    string Run,
    int Number,
    bool Last,
    string Connector,
    IReadOnlyList<SyncObject> Objects,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Gone = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SyncGroup>? Groups = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? GoneGroups = null
);

/// <summary>
/// A group, or a part of it: of the accounts whose source anchor lies between the two bounds, exactly these are in it. So a part that is sent
/// again changes nothing, and one that is late takes back nothing of another.
/// </summary>
/// <param name="SourceAnchor">As a <see cref="SyncObject"/>'s.</param>
/// <param name="Members">Source anchors of accounts that are in it, by whatever groups in between; at most 2,000 in one batch.</param>
/// <param name="After">Lower bound, itself not within; null: there is none.</param>
/// <param name="Through">Upper bound, itself within; null: there is none.</param>
public sealed record SyncGroup(
    string SourceAnchor,
    string Name,
    IReadOnlyList<string> Members,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? After = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Through = null
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
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Mail = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] AccountCredential? Credential = null
);

/// <summary>What the directory says of the account's password beside the password itself; null of an agent that is older than it, or may not read it.</summary>
/// <param name="PasswordSetAt"><c>pwdLastSet</c>; null where there was none, or where another one has to be chosen.</param>
/// <param name="EndsAt"><c>accountExpires</c>; null for never.</param>
public sealed record AccountCredential(DateTimeOffset? PasswordSetAt, DateTimeOffset? EndsAt, AccountShut Shut);

/// <summary>Why an account lets nobody in with its password. Sent and stored by number: never renumber.</summary>
public enum AccountShut
{
    No = 0,
    Disabled = 1,
    MustChange = 2,
    SmartCard = 3,
}

/// <summary>The portal's answer: one entry for each object of the batch, in its order.</summary>
/// <param name="Groups">The same for its groups; null also of a portal that is older than they are.</param>
public sealed record SyncReport(
    IReadOnlyList<SyncObjectResult> Results,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<SyncGroupResult>? Groups = null
);

/// <param name="Error">Null where it was taken.</param>
public sealed record SyncGroupResult(string SourceAnchor, string? Error);

/// <param name="CloudAnchor">Given once, the same ever after; null where <paramref name="Error"/> says why not.</param>
public sealed record SyncObjectResult(string SourceAnchor, string? CloudAnchor, string? Error);
