using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Store;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>What the directory's own count says of a modify whose answer was lost ("Evidence").</summary>
internal sealed class Evidence(DirectoryConnector directory, Journal journal, TimeProvider clock)
{
    /// <summary>The directory keeps whole seconds.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Reads on the intent's controller. "Written" is believed at once; "not written" only from a second look one LDAP time limit after a
    /// first one was answered: a controller that hung may still have the modify before it.
    /// </summary>
    /// <returns>Null: it stays unknown.</returns>
    public async Task<WritebackResult?> ResolveAsync(Intent intent, CancellationToken cancellation)
    {
        var first = await LookAsync(intent, cancellation);
        if (first is not WritebackResult.NotAttempted)
        {
            return first;
        }

        await Task.Delay(DirectoryLimits.Modify, clock, cancellation);
        return await LookAsync(intent, cancellation);
    }

    private async Task<WritebackResult?> LookAsync(Intent intent, CancellationToken cancellation)
    {
        // An idle connection may be as dead as the one that was lost: the second attempt meets a new one.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            if (await directory.RentAsync(intent.Server, cancellation) is not Rent.Lent(var channel))
            {
                return null;
            }

            using (channel)
            {
                switch (await AccountReader.ReadAsync(channel, intent.ObjectGuid))
                {
                    case AccountReading.Read(var account):
                        return journal.HasLater(intent)
                            ? null
                            : OfTheLock(
                                intent,
                                account,
                                Judge(intent, channel.Controller.InvocationId, intent.KeepsPassword ? account.LockCounter : account.Counter)
                            );
                    case AccountReading.Lost:
                        continue;
                    default:
                        return null;
                }
            }
        }

        return null;
    }

    /// <summary>What the intent does not say: whether a lock that was not to be ended holds still.</summary>
    private static WritebackResult? OfTheLock(Intent intent, AccountState account, WritebackResult? judged) =>
        judged is WritebackResult.Applied applied
            ? applied with
            {
                StaysLocked = !intent.Unlocks && account.Locked,
                SetAt = intent.KeepsPassword ? null : account.PasswordSetAt,
            }
            : judged;

    /// <param name="controller">Invocation id of the controller that was read.</param>
    public static WritebackResult? Judge(Intent intent, Guid? controller, WriteCounter? now)
    {
        if (now is null || intent.WritesBefore is not { } before || intent.InvocationId is not { } intended || controller != intended)
        {
            return null;
        }

        if (now.Version == before)
        {
            return new WritebackResult.NotAttempted(
                WritebackReason.DirectoryUnreachable,
                "The answer was lost; the directory's count shows that nothing was written."
            );
        }

        var inTime =
            now.At >= intent.DirectoryTime - Slack && now.At <= intent.DirectoryTime + DirectoryLimits.Modify + DirectoryLimits.Modify;
        return now.Version == before + 1 && now.Origin == intended && inTime ? new WritebackResult.Applied(intent.Unlocks) : null;
    }
}
