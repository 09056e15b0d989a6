namespace PortalApp.DirectorySync;

/// <summary>What the agent's administrator reads about one object.</summary>
internal static class SyncErrors
{
    public const string NoAnchor = "The source anchor is not an objectGUID in lower case.";
    public const string Twice = "The source anchor stands twice in this batch.";
    public const string NoName = "The user principal name is in no verified domain of this tenant.";

    public static string ForbiddenName(string sign) => $"The user principal name holds {sign}, which no user name has (RFC 8265).";

    public const string NameTaken = "The user principal name is another user's.";
    public const string BadMobilePhone = "The mobile phone is not written as +31 612345678, and counts as none.";
    public const string BadPhoneNumber = "The office phone is not written as +31 201234567x890, and counts as none.";
}
