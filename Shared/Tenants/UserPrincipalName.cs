using Portal.Tenants.Names;

namespace Portal.Tenants;

/// <summary>
/// A user principal name as a person types it, brought to the one form that is compared and hashed (H5, H53, H54, H57): edge spaces cut, before
/// the last @ a user name of RFC 8265, behind it a <see cref="DomainName"/>. Look-alikes stay different.
/// </summary>
public sealed record UserPrincipalName
{
    /// <summary>Characters; longer ones are refused as a name that nobody has.</summary>
    public const int MaxLength = 256;

    private UserPrincipalName(string local, string domain) => (Value, Domain) = ($"{local}@{domain}", domain);

    public string Value { get; }

    /// <summary>What stands behind the last @.</summary>
    public string Domain { get; }

    /// <summary>Null for what is no name.</summary>
    public static UserPrincipalName? TryParse(string? typed) => Read(typed).Value;

    public static NameReading<UserPrincipalName> Read(string? typed)
    {
        var text = UsernameProfile.MapWidth((typed ?? "").Trim());
        var at = text.LastIndexOf('@');
        if (text.Length > MaxLength || at <= 0)
        {
            return new NameReading<UserPrincipalName>.NotOne();
        }

        var (local, domain) = (UsernameProfile.Enforce(text[..at]), DomainName.OfMapped(text[(at + 1)..]));
        return (local, domain) switch
        {
            (NameReading<string>.Read(var user), NameReading<string>.Read(var home)) when user.Length + home.Length < MaxLength =>
                new NameReading<UserPrincipalName>.Read(new(user, home)),
            (NameReading<string>.Forbidden, _) => local.Refused<UserPrincipalName>(),
            _ => domain.Refused<UserPrincipalName>(),
        };
    }

    public override string ToString() => Value;
}
