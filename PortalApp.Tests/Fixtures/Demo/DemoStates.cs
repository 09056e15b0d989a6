using System.Globalization;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Accounts of the demo's directory that are as few are; added to it before the first synchronisation.</summary>
internal static class DemoStates
{
    /// <summary>Of Corp; the passwords live on premises and in the portal.</summary>
    public const string SyncDomain = "sync.corp.test";

    /// <summary>Of Corp; its people sign in at <see cref="DemoProvider"/>.</summary>
    public const string OidcDomain = "oidc.corp.test";

    public static ForestAccount Phs { get; } = Account("Ilse", "Kuipers", SyncDomain, 71);
    public static ForestAccount MustChange { get; } = Account("Jeroen", "Postma", ForestPopulation.Suffix, 72);
    public static ForestAccount Ended { get; } = Account("Kim", "Schouten", ForestPopulation.Suffix, 73);

    public static ForestAccount Oidc { get; } = Account("Lieke", "Hofman", OidcDomain, 75);

    /// <summary>Its policy lets a password be a minute old: soon after each change it has expired again.</summary>
    public static ForestAccount Expired { get; } = Account("Lotte", "Verhoeven", ForestPopulation.Suffix, 74);

    public static IReadOnlyList<ForestAccount> All { get; } = [Phs, Expired, MustChange, Ended, Oidc];

    public static void AddTo(ForestDirectory directory)
    {
        foreach (var account in All)
        {
            directory.AddAccount(account);
        }

        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1).ToFileTime();
        directory.AddPasswordPolicy(Expired, ("msDS-MaximumPasswordAge", $"-{TimeSpan.FromMinutes(1).Ticks}"));
        directory.SetAttribute(MustChange.Dn, "pwdLastSet", "0");
        directory.SetAttribute(Ended.Dn, "accountExpires", yesterday.ToString(CultureInfo.InvariantCulture));
    }

    private static ForestAccount Account(string given, string surname, string suffix, int number) =>
        new(given, surname, ForestPopulation.StaffOu, suffix, $"+31 6123450{number}", $"+31 2012345{number}");
}
