using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>
/// <c>.demo/demo.json</c>: all that something outside needs to drive the running demo. Addresses have no trailing slash, paths are absolute,
/// and the process ids follow a restart.
/// </summary>
internal sealed record DemoFile(
    string Portal,
    string Outbox,
    string OutboxFeed,
    string Relay,
    string Ldaps,
    string BaseDn,
    string Ca,
    string Database,
    IReadOnlyDictionary<string, DemoAccount> Accounts,
    DemoDesk Desk,
    DemoOidc Oidc,
    DemoAdmin DirectoryAdmin,
    DemoProcesses Pids,
    DemoLogs Logs,
    DemoData Data
)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <param name="database">As it is typed: <c>sqlite</c> or <c>postgresql</c>.</param>
    /// <param name="serviceBus">The tenant's relay, where it is not the portal's own.</param>
    public static DemoFile Of(
        string portal,
        string? serviceBus,
        Forest forest,
        string database,
        DemoPeople people,
        DemoOidc oidc,
        DemoProcesses pids,
        DemoLogs logs,
        DemoData data
    ) =>
        new(
            portal,
            $"{portal}/outbox",
            $"{portal}/outbox/feed",
            serviceBus ?? $"{portal.Replace("https:", "wss:", StringComparison.Ordinal)}/$servicebus/websocket",
            forest.Ldaps.GetLeftPart(UriPartial.Authority),
            Forest.BaseDn,
            forest.AuthorityFile,
            database,
            new Dictionary<string, DemoAccount>
            {
                ["user"] = DemoAccount.Of(ForestPopulation.User),
                ["user2"] = DemoAccount.Of(ForestPopulation.User2),
                ["user3"] = DemoAccount.Of(ForestPopulation.User3),
                ["disabled"] = DemoAccount.Of(ForestPopulation.Disabled),
                ["locked"] = DemoAccount.Of(ForestPopulation.Locked),
                ["protected"] = DemoAccount.Of(ForestPopulation.Protected),
                ["noContact"] = DemoAccount.Of(ForestPopulation.NoContact) with { Mail = "" },
                ["cloud"] = people.Cloud,
                ["phs"] = DemoAccount.Of(DemoStates.Phs),
                ["oidc"] = DemoAccount.Of(DemoStates.Oidc),
                ["two"] = DemoAccount.Of(ForestPopulation.Two),
                ["everything"] = people.Everything,
                ["expired"] = DemoAccount.Of(DemoStates.Expired),
                ["mustChange"] = DemoAccount.Of(DemoStates.MustChange),
                ["ended"] = DemoAccount.Of(DemoStates.Ended),
                ["new"] = people.New,
            },
            people.Desk,
            oidc,
            new(Forest.AdminUpn, Forest.AdminPassword),
            pids,
            logs,
            data
        );

    public string ToJson() => JsonSerializer.Serialize(this, Options);

    public void Write(string file) => AtomicFile.Write(file, ToJson() + "\n");
}

/// <param name="Dn">Null for an account of the portal's own.</param>
/// <param name="Mail">Where the portal sends this person's codes; empty for those who have no contact data.</param>
/// <param name="Mobile">As it stands in the directory, like <paramref name="Office"/>; null for who has none.</param>
internal sealed record DemoAccount(string Upn, string? Dn, string Password, string Mail, string? Mobile = null, string? Office = null)
{
    /// <summary>What is asked, in English, and the answer.</summary>
    public IReadOnlyDictionary<string, string>? Questions { get; init; }

    /// <summary>Base32 (RFC 6238: 30 s, 6 digits, SHA-1), for resets.</summary>
    public string? TotpSecret { get; init; }

    /// <summary>For resets; each works once.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; init; }

    /// <summary>For resets.</summary>
    public DemoPasskey? Passkey { get; init; }

    public static DemoAccount Of(ForestAccount account) =>
        new(account.Upn, account.Dn, account.Password, account.AlternateMail, ToldOrNull(account.Mobile), ToldOrNull(account.Telephone));

    private static string? ToldOrNull(string number) => number.Length == 0 ? null : number;
}

internal sealed record DemoAdmin(string Upn, string Password);

internal sealed record DemoProcesses(int Portal, int Agent, int Directory);

internal sealed record DemoLogs(string Portal, string Agent, string Directory);

internal sealed record DemoData(string Portal, string Agent);
