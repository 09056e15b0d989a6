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

    /// <summary>Its policy lets a password be two days old, and it is three.</summary>
    public static ForestAccount Expired { get; } = Account("Lotte", "Verhoeven", ForestPopulation.Suffix, 74);

    public static IReadOnlyList<ForestAccount> All { get; } = [Phs, Expired, MustChange, Ended, Oidc];

    public static async Task AddToAsync(Forest forest, CancellationToken cancellation)
    {
        var directory = forest.Admin;
        foreach (var account in All)
        {
            directory.AddAccount(account);
        }

        var yesterday = TimeProvider.System.GetUtcNow().AddDays(-1).ToFileTime();
        directory.AddPasswordPolicy(Expired, ("msDS-MaximumPasswordAge", $"-{TimeSpan.FromDays(2).Ticks}"));
        await forest.AgePasswordAsync(Expired.Dn, TimeSpan.FromDays(3), cancellation);
        directory.SetAttribute(MustChange.Dn, "pwdLastSet", "0");
        directory.SetAttribute(Ended.Dn, "accountExpires", yesterday.ToString(CultureInfo.InvariantCulture));
    }

    private static ForestAccount Account(string given, string surname, string suffix, int number) =>
        new(given, surname, ForestPopulation.StaffOu, suffix, $"+31 6123450{number}", $"+31 2012345{number}");
}
