using System.Diagnostics;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Portal;
using Agent.Store;
using Agent.Writeback.Protection;
using Agent.Writeback.Verification;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>
/// Carries one request from its opened envelope to its reported outcome, in the order of "At most once, and never misreported". May be called for
/// many requests at the same time.
/// </summary>
internal sealed class WritebackHandler(
    Preparation preparation,
    AccountCheck check,
    PasswordVerification verification,
    AccountExplanation explanation,
    OldPassword oldPassword,
    PasswordSet passwordSet,
    Claims claims,
    Journal journal,
    Flights flights,
    AccountTurns turns,
    RateCap cap,
    OutcomeReporter reporter,
    Recovery recovery,
    DirectoryConnector directory,
    PortalClient portal,
    ILogger<WritebackHandler> logger
)
{
    /// <summary>
    /// Returns when the outcome is in the journal and on its way to the portal, or when the request came to nothing; for a second delivery of a
    /// request in work, with the first.
    /// </summary>
    /// <returns>False: this agent does not serve the account. Nothing was done or said, and another may have it.</returns>
    public async Task<bool> HandleAsync(WritebackRequest request, CancellationToken cancellation)
    {
        if (!flights.TryEnter(request.Id, out var landing))
        {
            logger.DeliveredAgain(request.Id.Value);
            return await landing;
        }

        var handled = false;
        try
        {
            return handled = await CarryAsync(request, cancellation);
        }
        finally
        {
            flights.Leave(request.Id, handled);
        }
    }

    private Task<bool> CarryAsync(WritebackRequest request, CancellationToken cancellation) =>
        request switch
        {
            _ when !KnownKinds.All.Contains(request.Kind) => AnswerAsync(request, Task.FromResult<WritebackResult?>(NotSupported(request))),
            WritebackRequest.Health => AnswerAsync(request, HealthAsync(cancellation)),
            WritebackRequest.Check asked => AnswerAsync(request, check.AnswerAsync(asked.Anchor, cancellation)),
            WritebackRequest.Verify asked => AnswerAsync(request, verification.AnswerAsync(asked, cancellation)),
            WritebackRequest.Explain asked => AnswerAsync(request, explanation.AnswerAsync(asked.Anchor, cancellation)),
            WritebackRequest.OfAccount writing => OnceAsync(writing, cancellation),
            _ => throw new UnreachableException(),
        };

    /// <summary>Not claimed: nobody else will do it, and the portal alone knows whether it is one that is claimed.</summary>
    private WritebackResult.NotAttempted NotSupported(WritebackRequest request)
    {
        logger.NotSupported(request.Id.Value, request.Kind.ToString());
        return new(WritebackReason.NotSupported, $"kind {(int)request.Kind}, agent {AgentVersion.Text}");
    }

    private async Task<WritebackResult?> HealthAsync(CancellationToken cancellation) =>
        await directory.IsAnsweringAsync(cancellation)
            ? new WritebackResult.Healthy()
            : new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, null);

    private async Task<bool> AnswerAsync(WritebackRequest request, Task<WritebackResult?> asking)
    {
        WritebackResult? answer;
        try
        {
            answer = await asking;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.Fault(request.Id.Value, e);
            answer = new WritebackResult.NotAttempted(WritebackReason.AgentFault, e.GetType().Name);
        }

        if (answer is null)
        {
            return false;
        }

        logger.Ended(request.Id.Value, request.Kind.ToString(), answer.GetType().Name);
        reporter.Hand(request.Id, answer, request.Deadline - request.Issued);
        return true;
    }

    private async Task<bool> OnceAsync(WritebackRequest.OfAccount request, CancellationToken cancellation)
    {
        try
        {
            if (journal.Find(request.Id) is { } known)
            {
                logger.DeliveredAgain(request.Id.Value);
                if (known is { Result: { } result, Reported: false })
                {
                    reporter.Hand(request.Id, null, result);
                }

                return true;
            }

            return await WriteAsync(request, cancellation);
        }
        catch (SqliteException e)
        {
            // Not yet at the modify, or caught there: nothing is done without a journal, and the portal ends the request (H86).
            logger.JournalFailed(e.Message);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            logger.Fault(request.Id.Value, e);
        }

        return true;
    }

    private async Task<bool> WriteAsync(WritebackRequest.OfAccount request, CancellationToken cancellation)
    {
        switch (preparation.Find(request.Anchor))
        {
            case Target.NotServed:
                return false;
            case Target.None(var why):
                await RefuseAsync(request, claims.NoteAsync(request), why, cancellation);
                return true;
            case Target.Account link:
                using (await turns.TakeAsync(link.ObjectGuid, cancellation))
                {
                    await WriteAsync(request, link, cancellation);
                }

                return true;
            default:
                throw new UnreachableException();
        }
    }

    private async Task WriteAsync(WritebackRequest.OfAccount request, Target.Account link, CancellationToken cancellation)
    {
        var noting = claims.NoteAsync(request);
        var prepared = await preparation.ReadAsync(link, cancellation);
        if (prepared is not Prepared.Ready(var channel, var account))
        {
            await RefuseAsync(request, noting, ((Prepared.Refused)prepared).Why, cancellation);
            return;
        }

        using (channel)
        {
            if (cap.TryTake(link.ObjectGuid) is not { } taken)
            {
                logger.RateCapped(request.Id.Value);
                _ = portal.AlarmAsync(
                    new(AlarmKind.RateCapped, $"Request {request.Id} was beyond the agent's own cap."),
                    CancellationToken.None
                );
                await RefuseAsync(request, noting, new(WritebackReason.RateCapped, null), cancellation);
                return;
            }

            if (!await WriteAsync(request, noting, channel, account, cancellation))
            {
                cap.GiveBack(taken);
            }
        }
    }

    /// <returns>False: it came to nothing before the intent.</returns>
    private async Task<bool> WriteAsync(
        WritebackRequest.OfAccount request,
        Task<string> noting,
        DirectoryChannel channel,
        AccountState account,
        CancellationToken cancellation
    )
    {
        var trying = await oldPassword.BeginAsync(request, channel, account);
        if (trying.Refusal is { } why)
        {
            await RefuseAsync(request, noting, why, cancellation);
            return false;
        }

        WritebackResult? result = null;
        try
        {
            if (await GrantAsync(request, noting, cancellation) is not { } grant)
            {
                return false;
            }

            result = await passwordSet.RunAsync(request, grant, channel, account);
            if (result is not null)
            {
                await EndAsync(request, grant.Attempt, result);
            }

            return true;
        }
        finally
        {
            oldPassword.End(request, trying, result);
        }
    }

    /// <summary>A refusal is claimed as well: only who was granted may end a request.</summary>
    private async Task RefuseAsync(
        WritebackRequest request,
        Task<string> noting,
        WritebackResult.NotAttempted why,
        CancellationToken cancellation
    )
    {
        if (await GrantAsync(request, noting, cancellation) is { } grant)
        {
            await EndAsync(request, grant.Attempt, why);
        }
    }

    /// <summary>Null when it is not to be carried out; what the portal may wait for has then been said.</summary>
    private async Task<Grant?> GrantAsync(WritebackRequest request, Task<string> noting, CancellationToken cancellation)
    {
        var claim = await claims.TakeAsync(request, await noting, cancellation);
        if (claim is Claim.Granted(var grant))
        {
            return grant;
        }

        logger.NotGranted(request.Id.Value);
        if (claim is Claim.Unsure(var attempt))
        {
            await EndAsync(request, attempt, new WritebackResult.NotAttempted(WritebackReason.NotGranted, null));
        }

        return null;
    }

    private async Task EndAsync(WritebackRequest request, string attempt, WritebackResult result)
    {
        try
        {
            await journal.EndAsync(request.Id, result);
        }
        catch (SqliteException e)
        {
            // The truth still goes to the portal; only a restart before that would have to look for it.
            logger.JournalFailed(e.Message);
        }

        logger.Ended(request.Id.Value, request.Kind.ToString(), result.GetType().Name);
        reporter.Hand(request.Id, attempt, result);
        if (result is WritebackResult.Unknown && journal.Find(request.Id)?.Intent is { } intent)
        {
            recovery.LookInto(intent);
        }
    }
}
