using Microsoft.Data.Sqlite;
using Portal.Writeback;

namespace Agent.DirectorySync.Links;

/// <summary>By what a person's account is looked at live.</summary>
/// <param name="Anchor">Null: not exported yet.</param>
internal sealed record LinkEnds(Guid ObjectGuid, CloudAnchor? Anchor);

/// <summary>Shows an administrator every link of one person, and which is missing.</summary>
internal sealed class LinkExplanation(SyncDatabase database)
{
    public const string NoCertainPhone = "does not certainly read as one phone number and does not flow; write it with its country code";

    public const string NoAddress = "is not an e-mail address and does not flow";

    public const string ControlHidden = "the agent's account may not read userAccountControl: grant it read on the account";

    /// <summary>In the order from directory to cloud.</summary>
    /// <param name="userPrincipalName">As typed.</param>
    public IReadOnlyList<ExplainedLink> Explain(string userPrincipalName)
    {
        using var connection = database.Open();
        var name = SyncNames.Compared(userPrincipalName);
        var account = AccountOf(connection, name);
        var exported = connection
            .Read(
                $"""
                SELECT connector, source_anchor, cloud_anchor, error FROM cloud_object WHERE name = {name}
                ORDER BY (connector, source_anchor) IN (SELECT connector, source_anchor FROM forest_object) DESC
                """
            )
            .Select(row => (Connector: row.GetString(0), SourceAnchor: row.GetString(1), Anchor: row.Text(2), Error: row.Text(3)))
            .FirstOrDefault();
        var rules = Rules(connection, account?.Connector ?? exported.Connector, account?.SourceAnchor ?? exported.SourceAnchor);
        return
        [
            new(
                "Account in the directory",
                account is not null,
                account?.Dn ?? "no account of this name within the agent's scopes at the last import"
            ),
            new(
                SyncRules.UserJoin,
                rules.Contains(SyncRules.UserJoin),
                rules.Contains(SyncRules.UserJoin) ? "joined" : "the rule did not join it"
            ),
            new(
                SyncRules.UserAccountEnabled,
                rules.Contains(SyncRules.UserAccountEnabled),
                rules.Contains(SyncRules.UserAccountEnabled) ? "enabled"
                    : account is null ? "there is no account"
                    : account.AccountControl is null ? ControlHidden
                    : "the account was disabled at the last import"
            ),
            new(
                SyncRules.CloudUserJoin,
                rules.Contains(SyncRules.CloudUserJoin),
                rules.Contains(SyncRules.CloudUserJoin) ? "linked" : "no person of the metaverse is linked to an object of the cloud"
            ),
            .. (account?.Unusable ?? []).Select(attribute => new ExplainedLink(
                attribute,
                false,
                attribute == "mail" ? NoAddress : NoCertainPhone
            )),
            new("Cloud anchor", exported.Anchor is not null, exported.Anchor ?? exported.Error ?? "not exported yet"),
            .. exported is { Anchor: not null, Error: { } refused }
                ? [new ExplainedLink("The portal's last answer", false, refused)]
                : Array.Empty<ExplainedLink>(),
        ];
    }

    /// <summary>Of the person that the portal calls so; none where nobody was exported as that.</summary>
    public IReadOnlyList<ExplainedLink> Explain(CloudAnchor anchor)
    {
        using var connection = database.Open();
        return
            connection
                .Read($"SELECT name FROM cloud_object WHERE cloud_anchor = {anchor.Value}")
                .Select(row => row.Text(0))
                .FirstOrDefault()
                is { } name
            ? Explain(name)
            : [];
    }

    /// <summary>Null: no account of this name was found at the last import.</summary>
    public LinkEnds? EndsOf(string userPrincipalName)
    {
        using var connection = database.Open();
        return connection
            .Read(
                $"""
                SELECT p.source_anchor, c.cloud_anchor FROM person p
                LEFT JOIN cloud_object c ON c.connector = p.connector AND c.source_anchor = p.source_anchor
                WHERE p.name = {SyncNames.Compared(userPrincipalName)}
                """
            )
            .Select(row => new LinkEnds(Guid.Parse(row.GetString(0)), row.Text(1) is { } anchor ? new CloudAnchor(anchor) : null))
            .FirstOrDefault();
    }

    private static ImportedAccount? AccountOf(SqliteConnection connection, string name) =>
        connection
            .Read(
                $"""
                SELECT o.connector, o.source_anchor, o.dn, o.mobile, p.mobile_phone, o.telephone, p.office_phone, o.account_control,
                    o.mail, p.mail FROM person p
                JOIN forest_object o ON o.connector = p.connector AND o.source_anchor = p.source_anchor WHERE p.name = {name}
                """
            )
            .Select(row => new ImportedAccount(
                row.GetString(0),
                row.GetString(1),
                row.GetString(2),
                SyncRules.Unusable((row.Text(3), row.Text(4)), (row.Text(5), row.Text(6)), (row.Text(8), row.Text(9))),
                row.IsDBNull(7) ? null : row.GetInt32(7)
            ))
            .FirstOrDefault();

    private static HashSet<string> Rules(SqliteConnection connection, string? connector, string? sourceAnchor) =>
        connection
            .Read($"SELECT rule FROM link WHERE connector = {connector} AND source_anchor = {sourceAnchor}")
            .Select(row => row.GetString(0))
            .ToHashSet(StringComparer.Ordinal);

    private sealed record ImportedAccount(
        string Connector,
        string SourceAnchor,
        string Dn,
        IReadOnlyList<string> Unusable,
        int? AccountControl
    );
}
