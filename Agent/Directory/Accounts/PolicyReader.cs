using Agent.Directory.Channels;
using Portal.Policy;

namespace Agent.Directory.Accounts;

/// <summary>The password policy in force for one account: the domain's, or the fine-grained one that the directory says applies.</summary>
internal sealed class PolicyReader(AgentOptions options)
{
    /// <summary>Computed by the controller: the fine-grained policy in force for the account; none = the domain's.</summary>
    public const string ResultantPolicy = "msDS-ResultantPSO";
    private const int ComplexPasswords = 1;
    private const int ShortestName = 3;
    private static readonly char[] NameSeparators = [' ', ',', '.', '-', '–', '_', '#', '\t', '\u00a0'];

    /// <param name="ofChange">By who knows the old one: then history and minimum age hold at every directory.</param>
    public async Task<PolicyReading> ReadAsync(DirectoryChannel channel, AccountState account, bool ofChange = false)
    {
        var applying = await channel.ReadAsync(AccountReader.DnOf(account.ObjectGuid), ResultantPolicy);
        if (DirectoryEntry.Only(applying) is not { } person)
        {
            return new PolicyReading.Unreadable("Which password policy applies to the account cannot be read.");
        }

        var fineGrained = person.Text(ResultantPolicy);
        if (fineGrained is { } policy)
        {
            var reply = await channel.ReadAsync(
                policy,
                "cn",
                "msDS-MinimumPasswordLength",
                "msDS-PasswordComplexityEnabled",
                "msDS-PasswordHistoryLength",
                "msDS-MinimumPasswordAge"
            );
            if (reply is DirectoryReply.Lost(var lost))
            {
                return new PolicyReading.Unreadable(lost);
            }

            if (DirectoryEntry.Only(reply) is { } entry && entry.Number("msDS-MinimumPasswordLength") is { } length)
            {
                return Rules(
                    PolicySource.FineGrained,
                    entry.Text("cn"),
                    length,
                    string.Equals(entry.Text("msDS-PasswordComplexityEnabled"), "TRUE", StringComparison.OrdinalIgnoreCase),
                    entry.Number("msDS-PasswordHistoryLength") ?? 0,
                    entry.Large("msDS-MinimumPasswordAge") ?? 0,
                    channel.Controller,
                    account,
                    ofChange
                );
            }
        }

        var domain = await channel.ReadAsync(options.Directory.BaseDn, "minPwdLength", "pwdProperties", "pwdHistoryLength", "minPwdAge");
        if (DirectoryEntry.Only(domain) is not { } found || found.Number("minPwdLength") is not { } minimum)
        {
            return new PolicyReading.Unreadable("The domain's password policy cannot be read.");
        }

        return Rules(
            fineGrained is null ? PolicySource.Domain : PolicySource.FineGrainedUnreadable,
            null,
            minimum,
            ((found.Number("pwdProperties") ?? 0) & ComplexPasswords) != 0,
            found.Number("pwdHistoryLength") ?? 0,
            found.Large("minPwdAge") ?? 0,
            channel.Controller,
            account,
            ofChange
        );
    }

    /// <summary>The account's name, and the display name's parts of three characters and more (MS-SAMR 3.1.1.7.2), lower case.</summary>
    public static IReadOnlyList<string> NamesOf(string accountName, string? displayName) =>
        [
            .. (displayName ?? "")
                .Split(NameSeparators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Prepend(accountName)
                .Where(name => name.Length >= ShortestName)
                .Select(name => name.ToLowerInvariant())
                .Distinct(StringComparer.Ordinal),
        ];

    /// <param name="minimumAge">As the directory keeps it: negative, in units of 100 ns.</param>
    private static PolicyReading.Read Rules(
        PolicySource source,
        string? name,
        int minimumLength,
        bool complexity,
        int history,
        long minimumAge,
        Controller controller,
        AccountState account,
        bool ofChange
    )
    {
        var enforced = ofChange || controller.PolicyHints is not null;
        var from = enforced && minimumAge is < 0 and > long.MinValue && account.PasswordSetAt is { } set ? Add(set, -minimumAge) : null;
        var names = controller.RefusesNames ? NamesOf(account.AccountName, account.DisplayName) : [];
        return new(new(source, name, minimumLength, complexity, history, enforced, from, names));
    }

    private static DateTimeOffset? Add(DateTimeOffset time, long ticks) =>
        ticks < DateTimeOffset.MaxValue.UtcTicks - time.UtcTicks ? time.AddTicks(ticks) : DateTimeOffset.MaxValue;
}

internal abstract record PolicyReading
{
    private PolicyReading() { }

    public sealed record Read(PasswordRules Rules) : PolicyReading;

    public sealed record Unreadable(string Why) : PolicyReading;
}
