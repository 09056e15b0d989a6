using System.Diagnostics;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Store;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>What follows a grant: the intent on disk, time left?, one modify, and evidence where its answer was lost.</summary>
internal sealed class PasswordSet(
    PasswordChannel passwords,
    Journal journal,
    Evidence evidence,
    TimeProvider clock,
    ILogger<PasswordSet> logger
)
{
    /// <summary>Cannot be cancelled, and gives the channel up after a lost answer: from here on only an outcome ends it.</summary>
    /// <returns>Null when the journal says that this request was begun before: it is left to recovery.</returns>
    public async Task<WritebackResult?> RunAsync(
        WritebackRequest.OfAccount request,
        Grant grant,
        DirectoryChannel channel,
        AccountState account
    )
    {
        var id = request.Id;
        var now = clock.GetUtcNow();
        var controller = channel.Controller;
        var keepsPassword = request is WritebackRequest.Unlock;
        var intent = new Intent(
            id,
            account.ObjectGuid,
            controller.Server,
            controller.InvocationId,
            (keepsPassword ? account.LockCounter : account.Counter)?.Version,
            keepsPassword ? account.Locked : account.Unlocks,
            now,
            now + controller.ClockAhead,
            keepsPassword
        );
        try
        {
            if (!await journal.IntendAsync(intent))
            {
                logger.DeliveredAgain(id.Value);
                return null;
            }
        }
        catch (SqliteException e)
        {
            logger.JournalFailed(e.Message);
            return new WritebackResult.NotAttempted(WritebackReason.AgentFault, "The agent's journal cannot be written.");
        }

        var result = keepsPassword
            ? await PasswordChannel.UnlockAsync(channel, account, () => grant.HasTime)
            : await passwords.WriteAsync(channel, account, WriteOf(request), () => grant.HasTime);
        if (result is not WritebackResult.Unknown)
        {
            return result;
        }

        logger.AnswerLost(id.Value);
        channel.Abandon();
        channel.Dispose();
        try
        {
            return await evidence.ResolveAsync(intent, CancellationToken.None) ?? result;
        }
        catch (SqliteException e)
        {
            logger.JournalFailed(e.Message);
            return result;
        }
    }

    private static PasswordWrite WriteOf(WritebackRequest.OfAccount request) =>
        request switch
        {
            WritebackRequest.Reset reset => new(null, reset.Password, MustChange: false),
            WritebackRequest.Change change => new(change.Current, change.Password, MustChange: false),
            WritebackRequest.AdministratorReset reset => new(null, reset.Password, reset.MustChange),
            _ => throw new UnreachableException(),
        };
}
