using Portal.Contacts;
using PortalApp.Users;

namespace PortalApp.DirectorySync;

/// <summary>What the agent's administrator reads about one object.</summary>
internal static class SyncErrors
{
    public const string NoAnchor = "The source anchor is not an objectGUID in lower case.";
    public const string Twice = "The source anchor stands twice in this batch.";
    public const string NoName = "The user principal name is in no verified domain of this tenant.";

    public const string NoGroupName = "The group has no name.";

    public static string ForbiddenName(string sign) => $"The user principal name holds {sign}, which no user name has (RFC 8265).";

    public static string NoRoom(int most) =>
        $"The tenant has its most users, {most} with those who are gone, and takes no new one. If that is too few, on the portal's host: PortalApp tenant set --max-users";

    /// <summary>Names the holder, and what ends it where the holder is nobody any more.</summary>
    public static string NameTaken(User holder) =>
        $"The user principal name {holder.UserPrincipalName} is another user's: {holder.Id}, {OriginOf(holder)}, here since {holder.CreatedAt:yyyy-MM-dd}. "
        + $"If that is nobody any more, on the portal's host: PortalApp user remove {holder.UserPrincipalName}";

    public static string BadContact(ContactField field) =>
        field switch
        {
            ContactField.MobilePhone => "The mobile phone is not written as +31 612345678, and counts as none.",
            ContactField.PhoneNumber => "The office phone is not written as +31 201234567x890, and counts as none.",
            _ => "The mail is not an e-mail address, and counts as none.",
        };

    private static string OriginOf(User holder) =>
        holder.Connector is { } connector ? $"of the directory {connector}" : "of the portal alone";
}
