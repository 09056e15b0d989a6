namespace PortalApp.Tests.Fixtures.Forests;

/// <summary>A person in the throwaway forest.</summary>
/// <param name="Ou">Relative to the domain: <c>OU=Amsterdam,OU=Staff</c>.</param>
/// <param name="Suffix">The part of the UPN behind the @; decides the tenant.</param>
/// <param name="Mobile">Shape <c>+31 612345678</c> (M28); empty for who has none, like <paramref name="Telephone"/>.</param>
internal sealed record ForestAccount(string Given, string Surname, string Ou, string Suffix, string Mobile, string Telephone)
{
    public const string InitialPassword = "Tulip-Bridge-4471";

    public string DisplayName => $"{Given} {Surname}";

    public string Sam => $"{Given}.{Surname}".ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal);

    public string Upn => $"{Sam}@{Suffix}";

    public string Dn => $"CN={DisplayName},{Ou},{Forest.BaseDn}";

    public string Password { get; init; } = InitialPassword;

    /// <summary>Where the portal sends codes; not an attribute of the directory.</summary>
    public string AlternateMail => $"{Sam}@home.example";
}
