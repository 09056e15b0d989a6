using Agent.Directory.Channels;

namespace Agent.Directory.Accounts;

/// <summary>How near an account is to being locked out, as one controller counts it, by the policy in force for it: the domain's, or a fine-grained one.</summary>
internal sealed class LockoutReader(AgentOptions options, TimeProvider clock)
{
    private const string BadPasswords = "badPwdCount";
    private const string LastBadPassword = "badPasswordTime";

    public async Task<LockoutReading> ReadAsync(DirectoryChannel channel, Guid objectGuid)
    {
        var dn = AccountReader.DnOf(objectGuid);
        var counted = await channel.ReadAsync(dn, PolicyReader.ResultantPolicy, BadPasswords, LastBadPassword);
        if (counted is not DirectoryReply.Done)
        {
            return new LockoutReading.Unanswered();
        }

        if (DirectoryEntry.Only(counted) is not { } person)
        {
            return new LockoutReading.Unreadable("its count of wrong passwords");
        }

        var (policy, threshold, window) = person.Text(PolicyReader.ResultantPolicy) is { } fineGrained
            ? (fineGrained, "msDS-LockoutThreshold", "msDS-LockoutObservationWindow")
            : (options.Directory.BaseDn, "lockoutThreshold", "lockOutObservationWindow");
        var ruled = await channel.ReadAsync(policy, threshold, window);
        if (ruled is not DirectoryReply.Done)
        {
            return new LockoutReading.Unanswered();
        }

        if (DirectoryEntry.Only(ruled) is not { } rules || rules.Number(threshold) is not { } most)
        {
            return new LockoutReading.Unreadable($"{threshold} of {policy}");
        }

        if (most == 0)
        {
            return new LockoutReading.Read(new(0, 0));
        }

        return person.Number(BadPasswords) is { } bad
            ? new LockoutReading.Read(new(most, IsOver(person.Large(LastBadPassword), rules.Large(window), channel.Controller) ? 0 : bad))
            : new LockoutReading.Unreadable(BadPasswords);
    }

    /// <summary>Whether the directory will begin to count anew. Where it does not say since when or for how long it counts, it does not.</summary>
    /// <param name="window">As the directory keeps it: negative, in units of 100 ns.</param>
    private bool IsOver(long? last, long? window, Controller controller) =>
        last is > 0 && window is < 0 and > long.MinValue && (clock.GetUtcNow() + controller.ClockAhead).ToFileTime() - last > -window;
}

/// <param name="Threshold">Wrong passwords that lock the account; 0 where none do.</param>
internal sealed record LockoutState(int Threshold, int BadPasswords)
{
    /// <summary>So that whoever asks the agent never brings an account to its lock, nor takes the last try from its owner.</summary>
    private const int Kept = 2;

    public bool IsNear => Threshold > 0 && Threshold - BadPasswords < Kept;
}

internal abstract record LockoutReading
{
    private LockoutReading() { }

    public sealed record Read(LockoutState State) : LockoutReading;

    /// <summary>The directory gave no answer, or an error: it may give one a moment later.</summary>
    public sealed record Unanswered : LockoutReading;

    /// <summary>Nothing may be tried: nobody can tell whether it would lock the account.</summary>
    public sealed record Unreadable(string What) : LockoutReading;
}
