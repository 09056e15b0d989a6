using Portal.DirectorySync;

namespace Agent.DirectorySync;

/// <summary>An object of the metaverse: one person, joined from what the forests have.</summary>
/// <param name="Id">The object that projected it: connector and objectGUID.</param>
/// <param name="SourceAnchor">That object's objectGUID, lower case with hyphens; with <paramref name="Connector"/> the identity at the portal.</param>
/// <param name="MobilePhone">In the form of M28, or null.</param>
/// <param name="OfficePhone">In the form of M28, or null.</param>
/// <param name="Mail">An e-mail address, or null.</param>
internal sealed record Person(
    string Id,
    string Connector,
    string SourceAnchor,
    string UserPrincipalName,
    string? DisplayName,
    string? MobilePhone,
    string? OfficePhone,
    string? Mail,
    AccountCredential? Credential = null
);
