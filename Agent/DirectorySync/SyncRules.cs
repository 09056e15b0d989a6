using Agent.DirectorySync.Links;
using Portal.Contacts;

namespace Agent.DirectorySync;

/// <summary>The named rules: objects in, links and attribute values out. No clock, disk or network.</summary>
internal static class SyncRules
{
    public const string UserJoin = "In from AD – User Join";
    public const string UserAccountEnabled = "In from AD – User AccountEnabled";
    public const string CloudUserJoin = "Out to cloud – User Join";

    private const int MaxDisplayName = 256;

    /// <summary>
    /// Projects a person for every account that could sign in by name, also a disabled one; null for trusts and for accounts without a usable
    /// user principal name.
    /// </summary>
    public static Link? JoinUser(ForestObject account) =>
        !account.IsTrust && SyncNames.IsThere(account.UserPrincipalName) ? LinkOf(account, UserJoin) : null;

    /// <summary>Only an enabled account gets this link; writeback goes by no other (M13).</summary>
    public static Link? JoinEnabled(ForestObject account) =>
        account.IsEnabled && JoinUser(account) is not null ? LinkOf(account, UserAccountEnabled) : null;

    /// <summary>Every person has one object in the cloud, named by the object that projected the person.</summary>
    public static Link JoinCloud(Person person) =>
        new(ConnectorSpace.Cloud, person.Connector, person.SourceAnchor, person.Id, CloudUserJoin);

    /// <summary>Null where no rule joins the account.</summary>
    public static JoinedPerson? Apply(ForestObject account, PhoneFlow phones)
    {
        if (JoinUser(account) is not { } join)
        {
            return null;
        }

        var person = Flow(account, join.Person, phones);
        Link?[] links = [join, JoinEnabled(account), JoinCloud(person)];
        return new(
            person,
            [.. links.OfType<Link>()],
            Unusable((account.Mobile, person.MobilePhone), (account.TelephoneNumber, person.OfficePhone), (account.Mail, person.Mail))
        );
    }

    /// <summary>LDAP names of the numbers and addresses that the directory holds and that do not flow: an administrator should hear of them.</summary>
    public static IReadOnlyList<string> Unusable(
        (string? Held, string? Flows) mobile,
        (string? Held, string? Flows) office,
        (string? Held, string? Flows) mail
    )
    {
        var all = new[] { (Name: "mobile", Value: mobile), (Name: "telephoneNumber", Value: office), (Name: "mail", Value: mail) };
        return [.. all.Where(a => a.Value.Flows is null && !string.IsNullOrWhiteSpace(a.Value.Held)).Select(attribute => attribute.Name)];
    }

    /// <summary>
    /// What flows from an account to its person (M24, M25, M30); a phone that does not certainly read as a number, and a mail that is no address,
    /// flow as none.
    /// </summary>
    private static Person Flow(ForestObject account, string person, PhoneFlow phones) =>
        new(
            person,
            account.Connector,
            account.SourceAnchor,
            account.UserPrincipalName!.Trim(),
            account.DisplayName is { Length: > MaxDisplayName } name ? name[..MaxDisplayName] : account.DisplayName,
            phones.Normalise(account.Mobile),
            phones.Normalise(account.TelephoneNumber),
            EmailAddress.TryParse(account.Mail)?.Value,
            account.Credential
        );

    private static Link LinkOf(ForestObject account, string rule) =>
        new(ConnectorSpace.Forest, account.Connector, account.SourceAnchor, $"{account.Connector}/{account.SourceAnchor}", rule);
}

/// <param name="Links">From every connector space to the person.</param>
/// <param name="Unusable">LDAP names.</param>
internal sealed record JoinedPerson(Person Person, IReadOnlyList<Link> Links, IReadOnlyList<string> Unusable);
