namespace Portal.DirectorySync;

/// <summary>What an agent tells of its synchronisation after each run, so that an administrator reads it at the portal.</summary>
/// <param name="At">When the run ended, by the agent's clock.</param>
/// <param name="CompletedAt">When the last run ended that went all the way; null where none did since the agent was started.</param>
/// <param name="Problem">Why the directory was not read whole or nothing was sent, half a sentence; null where all went well.</param>
/// <param name="Unreadable">Whose numbers and addresses do not flow, with the directory's names of those.</param>
/// <param name="Refused">Whom the portal did not take, with the reason that it gave.</param>
public sealed record SyncStanding(
    string Connector,
    DateTimeOffset At,
    DateTimeOffset? CompletedAt,
    string? Problem,
    int Accounts,
    NamedAccounts Unreadable,
    NamedAccounts Refused,
    HeldDrop? Held
)
{
    /// <summary>Accounts that are named in one list; the count beside it is of all.</summary>
    public const int MostNamed = 200;

    /// <summary>Characters of one text.</summary>
    public const int MaxText = 1000;
}

/// <param name="Count">Of all, also of those who are not named.</param>
public sealed record NamedAccounts(int Count, IReadOnlyList<NamedAccount> First);

/// <param name="Name">User principal name, or the distinguished name where there is none.</param>
public sealed record NamedAccount(string Name, string What);

/// <summary>Accounts that an import does not find any more, so many that they stay until an administrator lets them go.</summary>
/// <param name="Mark">Of these very accounts: the word that is given for it is for nobody else.</param>
/// <param name="Before">Accounts that were there before.</param>
/// <param name="Who">By their names, the first of them.</param>
public sealed record HeldDrop(string Mark, int Missing, int Before, IReadOnlyList<string> Who);

/// <param name="Released">The <see cref="HeldDrop.Mark"/> that an administrator let go; null where nobody did.</param>
public sealed record SyncStandingAnswer(string? Released);
