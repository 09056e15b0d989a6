namespace PortalApp.Tests.Fixtures.Forests;

/// <summary>Who lives in the throwaway forest: two tenants, the people that tests know by name, and colleagues around them.</summary>
internal static class ForestPopulation
{
    public const string StaffOu = "OU=Staff";
    public const string OtherTenantOu = "OU=Other Tenant";
    public const string Suffix = "corp.test";
    public const string OtherSuffix = "other.test";

    /// <summary>An OU beside Staff in which no agent may set a password; readable as everything is.</summary>
    public const string NoRightsOu = "OU=No Rights";

    public const string GroupsOu = "OU=Groups";
    public const string ServiceAccountsOu = "OU=Service Accounts";

    /// <summary>Holds <see cref="FinanceGroupDn"/>; its own member is <see cref="User2"/>. An agent tells the portal of both where its file lists them.</summary>
    public static string StaffGroupDn => $"CN=Colleagues,{GroupsOu},{Forest.BaseDn}";

    /// <summary>Its member is <see cref="User3"/>.</summary>
    public static string FinanceGroupDn => $"CN=Finance,{GroupsOu},{Forest.BaseDn}";

    private const string Amsterdam = $"OU=Amsterdam,{StaffOu}";
    private const string Utrecht = $"OU=Utrecht,{StaffOu}";
    private const string Finance = $"OU=Finance,{StaffOu}";

    public static IReadOnlyList<string> Ous { get; } =
    [StaffOu, Amsterdam, Utrecht, Finance, OtherTenantOu, NoRightsOu, GroupsOu, ServiceAccountsOu];

    public static ForestAccount User { get; } = Corp("Anna", "de Vries", Amsterdam, 1);
    public static ForestAccount User2 { get; } = Corp("Bram", "Jansen", Utrecht, 2);
    public static ForestAccount User3 { get; } = Corp("Chantal", "Bakker", Finance, 3);
    public static ForestAccount Disabled { get; } = Corp("Dirk", "Visser", Amsterdam, 4);
    public static ForestAccount Locked { get; } = Corp("Esra", "Yilmaz", Utrecht, 5);

    /// <summary>Member of "Rack Access", in "Server Operations", in Domain Admins.</summary>
    public static ForestAccount Protected { get; } = Corp("Floris", "van Dam", StaffOu, 6);

    /// <summary>Nothing that anybody could be reached by, in the directory either.</summary>
    public static ForestAccount NoContact { get; } = Corp("Greet", "Smit", Finance, 7) with { Mobile = "", Telephone = "" };

    /// <summary>A fine-grained policy asks 16 characters of this one.</summary>
    public static ForestAccount LongPassword { get; } = Corp("Hendrik", "Meijer", Finance, 8);

    public static ForestAccount NoRights { get; } = Corp("Iris", "Mulder", NoRightsOu, 9);

    /// <summary>The second tenant's people.</summary>
    public static IReadOnlyList<ForestAccount> Other { get; } =
    [
        OtherTenant("Joost", "Bos", 61),
        OtherTenant("Karin", "Vos", 62),
        OtherTenant("Lars", "Peters", 63),
        OtherTenant("Mieke", "Hendriks", 64),
        OtherTenant("Noah", "Dekker", 65),
        OtherTenant("Olga", "Brouwer", 66),
    ];

    /// <summary>The first tenant's people that its agent sees (all but <see cref="NoRights"/>).</summary>
    public static IReadOnlyList<ForestAccount> Staff { get; } =
    [User, User2, User3, Disabled, Locked, Protected, NoContact, LongPassword, .. Colleagues()];

    /// <summary>In the demo, of whom two gates are asked.</summary>
    public static ForestAccount Two { get; } = Staff[^3];

    /// <summary>In the demo, who has every method.</summary>
    public static ForestAccount Everything { get; } = Staff[^2];

    public static IReadOnlyList<ForestAccount> All { get; } = [.. Staff, NoRights, .. Other];

    private static IEnumerable<ForestAccount> Colleagues()
    {
        string[] given = ["Pieter", "Quinten", "Roos", "Sanne", "Thijs", "Umut", "Vera", "Willem", "Xander", "Yara", "Zoë"];
        string[] surnames = ["Kok", "van Leeuwen", "Maas", "Prins"];
        string[] ous = [Amsterdam, Utrecht, Finance];
        return surnames
            .SelectMany((surname, s) => given.Select((name, g) => Corp(name, surname, ous[(s + g) % 3], 11 + (s * given.Length) + g)))
            .Take(44);
    }

    private static ForestAccount Corp(string given, string surname, string ou, int number) => Account(given, surname, ou, Suffix, number);

    private static ForestAccount OtherTenant(string given, string surname, int number) =>
        Account(given, surname, OtherTenantOu, OtherSuffix, number);

    private static ForestAccount Account(string given, string surname, string ou, string suffix, int number) =>
        new(given, surname, ou, suffix, $"+31 6123450{number:00}", $"+31 2012345{number:00}");
}
