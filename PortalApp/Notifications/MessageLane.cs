using MailKit.Net.Smtp;
using Microsoft.EntityFrameworkCore;
using PhoneNumbers;
using PortalApp.Audit.Tallies;
using PortalApp.Data;
using PortalApp.Notifications.Phone;

namespace PortalApp.Notifications;

/// <summary>Carries one message at a time, over a connection of its own, and writes down what came of it.</summary>
internal sealed class MessageLane(
    IDbContextFactory<PortalDb> databases,
    MessageQueue queue,
    Courier courier,
    RecipientPace pace,
    RefusedShare shares,
    AddressFaults faults,
    TallyStore tallies,
    TimeProvider clock,
    ILogger logger
) : IAsyncDisposable
{
    private const string NoCountry = "?";
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    /// <summary>One try takes no longer; until <see cref="MessageSender.Lease"/> is over no other portal tries.</summary>
    private static readonly TimeSpan OneTry = TimeSpan.FromSeconds(45);

    /// <summary>Of the message that it carries, or has carried.</summary>
    public Task Work { get; private set; } = Task.CompletedTask;

    public bool IsFree => Work.IsCompleted;

    /// <summary>Ends a connection that nothing was sent by for a while.</summary>
    public ValueTask TidyAsync() => IsFree && courier.IsIdle ? courier.DisposeAsync() : ValueTask.CompletedTask;

    /// <param name="route">Counted by <see cref="RecipientPace"/>.</param>
    public void Start(OutgoingMessage message, MessageContent content, Route route, CancellationToken cancellation) =>
        Work = Task.Run(() => HandleAsync(message, content, route, cancellation), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Work;
        await courier.DisposeAsync();
    }

    private async Task HandleAsync(OutgoingMessage message, MessageContent content, Route route, CancellationToken cancellation)
    {
        TimeSpan? took = null;
        try
        {
            if (message.ExpiresAt <= clock.GetUtcNow())
            {
                logger.MessageExpired(message.Id, message.Tenant);
            }
            else
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                limit.CancelAfter(OneTry);
                took = await CarryAsync(message, content, limit.Token);
            }

            await (took is null ? EndAsync(message) : EndCarriedAsync(message, content));
        }
        catch (NumberRefusedException refused)
        {
            logger.NumberRefused(message.Id, message.Tenant, refused.Why, refused.Code);
            await RefuseAsync(message, refused.Why);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The portal stops: the next start need not wait for the lease.
            await RetryAsync(message, message.Tries, TimeSpan.Zero);
        }
        catch (SmtpCommandException refused)
            when (refused is { ErrorCode: SmtpErrorCode.RecipientNotAccepted, StatusCode: >= (SmtpStatusCode)500 })
        {
            logger.RecipientRefused(message.Id, message.Tenant, (int)refused.StatusCode);
            await EndAsync(message);
        }
        catch (Exception e)
        {
            var tries = message.Tries + 1;
            logger.MessageFailed(message.Id, message.Tenant, tries, FaultOf(e));
            var (wait, asked) = (
                WaitAfter(tries, message.ExpiresAt - message.CreatedAt),
                (e as ProvidersFailedException)?.Wait ?? TimeSpan.Zero
            );
            await RetryAsync(message, tries, wait > asked ? wait : asked);
        }
        finally
        {
            pace.End(route, took, message.Deliver);
        }
    }

    /// <summary>Twice as long after each try, but never more than a tenth of the message's life: so a code is tried until its end.</summary>
    internal static TimeSpan WaitAfter(int tries, TimeSpan life)
    {
        var longest = Math.Min(LongestWait.TotalSeconds, life.TotalSeconds / 10);
        return TimeSpan.FromSeconds(Math.Min(longest, Math.Pow(2, Math.Min(tries, 16))));
    }

    /// <returns>How long it took.</returns>
    private async Task<TimeSpan> CarryAsync(OutgoingMessage message, MessageContent content, CancellationToken cancellation)
    {
        if (message.Deliver)
        {
            var took = await courier.CarryAsync(message, content, cancellation);
            shares.Add(message, refused: null);
            return took;
        }

        await courier.PretendAsync(pace.AsReal, cancellation);
        return shares.Draw(message) is { } why ? throw new NumberRefusedException(why, "a decoy's") : pace.AsReal;
    }

    private async Task RefuseAsync(OutgoingMessage message, AddressFaultReason why)
    {
        if (message.Deliver)
        {
            shares.Add(message, why);
        }

        if (message.Recipient is { } recipient)
        {
            await faults.KeepAsync(message.Tenant, recipient, why);
        }

        await EndAsync(message);
    }

    /// <summary>Without the server's words, which may repeat the address.</summary>
    private static string FaultOf(Exception e) =>
        e switch
        {
            SmtpCommandException refused => $"{refused.ErrorCode}, SMTP status {(int)refused.StatusCode}",
            NoUnicodeAddressException => "the server takes no address in another script: it lacks SMTPUTF8",
            MailCertificateException untrusted => untrusted.Message,
            ProvidersFailedException => "no provider took it",
            _ => e.GetType().Name,
        };

    private async Task RetryAsync(OutgoingMessage message, int tries, TimeSpan wait)
    {
        var due = clock.GetUtcNow() + wait;
        await using var db = await databases.CreateDbContextAsync();
        await Row(db, message).ExecuteUpdateAsync(set => set.SetProperty(m => m.NotBefore, due).SetProperty(m => m.Tries, tries));
    }

    /// <summary>What cost something is counted by the country that it went to.</summary>
    private async Task EndCarriedAsync(OutgoingMessage message, MessageContent content)
    {
        if (!message.Deliver || message.Channel == MessageChannel.Email)
        {
            await EndAsync(message);
            return;
        }

        var kind = message.Channel == MessageChannel.Call ? TallyKind.Called : TallyKind.Texted;
        await using var db = await databases.CreateDbContextAsync();
        await using var all = await db.Database.BeginTransactionAsync();
        await queue.EndAsync(db, message);
        await tallies.CountAsync(db, message.Tenant, kind, CountryOf(content.To), CancellationToken.None);
        await all.CommitAsync();
    }

    private static string CountryOf(string number)
    {
        try
        {
            var numbers = PhoneNumberUtil.GetInstance();
            return numbers.GetRegionCodeForNumber(numbers.Parse(number, null)) ?? NoCountry;
        }
        catch (NumberParseException)
        {
            return NoCountry;
        }
    }

    private async Task EndAsync(OutgoingMessage message)
    {
        await using var db = await databases.CreateDbContextAsync();
        await queue.EndAsync(db, message);
    }

    private static IQueryable<OutgoingMessage> Row(PortalDb db, OutgoingMessage message) =>
        db.Set<OutgoingMessage>().Where(m => m.Id == message.Id && m.Tenant == message.Tenant);
}
