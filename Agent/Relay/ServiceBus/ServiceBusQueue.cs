using System.Security.Authentication;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging;
using Portal.Relay;

namespace Agent.Relay.ServiceBus;

/// <summary>One queue of a Service Bus at which the agent receives.</summary>
internal sealed class ServiceBusQueue(
    ServiceBusClient client,
    string name,
    Func<RelayDelivery, Task> take,
    TimeProvider clock,
    ILogger logger
)
{
    /// <summary>For what is in work when the receiving ends.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    /// <summary>
    /// Attaches once to see whether that is granted: a processor says only what fails. A message that comes to hand is given back at once.
    /// </summary>
    /// <returns>Null: it is; else why not.</returns>
    public async Task<RelayConnecting.Refused?> EnterAsync(CancellationToken cancellation)
    {
        try
        {
            await using var receiver = client.CreateReceiver(name);
            if (await receiver.ReceiveMessageAsync(TimeSpan.FromMilliseconds(1), cancellation) is { } message)
            {
                await receiver.AbandonMessageAsync(message, cancellationToken: cancellation);
            }

            return null;
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            return WhyNot(e);
        }
    }

    /// <summary>Until the service cannot be reached for longer than the client's own attempts, or refuses the agent.</summary>
    public async Task<RelayConnecting.Refused?> ReceiveAsync(CancellationToken cancellation)
    {
        using var trouble = new SemaphoreSlim(0);
        var processor = client.CreateProcessor(
            name,
            new ServiceBusProcessorOptions
            {
                AutoCompleteMessages = false,
                MaxConcurrentCalls = RelayLimits.ReceiverCredit,
                MaxAutoLockRenewalDuration = RelayLimits.LongestTtl,
                PrefetchCount = 0,
            }
        );
        processor.ProcessMessageAsync += args => TakeAsync(args, cancellation);
        processor.ProcessErrorAsync += args =>
        {
            if (args.ErrorSource is ServiceBusErrorSource.Receive && !cancellation.IsCancellationRequested)
            {
                trouble.Release();
            }

            return Task.CompletedTask;
        };
        await processor.StartProcessingAsync(cancellation);
        try
        {
            while (true)
            {
                await trouble.WaitAsync(cancellation);
                if (await EnterAsync(cancellation) is { } refused)
                {
                    return refused;
                }
            }
        }
        finally
        {
            await StopAsync(processor);
        }
    }

    /// <summary>Before a message is given back: it may come again to this agent, and must not do so round and round.</summary>
    internal static TimeSpan PauseBefore(int deliveryCount) =>
        deliveryCount > 5 ? LongestPause : FirstPause * (1 << Math.Max(0, deliveryCount - 1));

    private async Task TakeAsync(ProcessMessageEventArgs args, CancellationToken ending)
    {
        try
        {
            await take(new RelayDelivery(args.Message.MessageId ?? "", BodyOf(args.Message), how => SettleAsync(args, how, ending)));
        }
        catch (Exception e)
        {
            logger.ListeningBroke(e);
        }
    }

    /// <summary>Nothing is ever put among the dead letters, which the service keeps for ever.</summary>
    private async Task SettleAsync(ProcessMessageEventArgs args, Settlement how, CancellationToken ending)
    {
        try
        {
            if (how is Settlement.LeftForAnother)
            {
                await Task.Delay(PauseBefore(args.Message.DeliveryCount), clock, ending)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await args.AbandonMessageAsync(args.Message, cancellationToken: CancellationToken.None);
            }
            else
            {
                await args.CompleteMessageAsync(args.Message, CancellationToken.None);
            }
        }
        catch (Exception e)
        {
            // The lock, or the connection, is lost: it is delivered again, and the grant keeps that harmless.
            logger.NotSettled(args.Message.MessageId, e.GetType().Name);
        }
    }

    private static ReadOnlyMemory<byte> BodyOf(ServiceBusReceivedMessage message)
    {
        try
        {
            return message.Body.ToMemory();
        }
        catch (NotSupportedException)
        {
            return ReadOnlyMemory<byte>.Empty;
        }
    }

    private async Task StopAsync(ServiceBusProcessor processor)
    {
        using var limit = new CancellationTokenSource(StopLimit, clock);
        await processor.StopProcessingAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private RelayConnecting.Refused WhyNot(Exception e) =>
        e switch
        {
            UnauthorizedAccessException => new(
                RelayFault.Unauthorised,
                $"the Service Bus refuses the key of serviceBusFile: it was changed, may not listen at {name}, or this machine's clock is wrong"
            ),
            ServiceBusException { Reason: ServiceBusFailureReason.MessagingEntityNotFound } => new(
                RelayFault.Unauthorised,
                $"the Service Bus has no queue {name}"
            ),
            _ when Causes(e).Any(cause => cause is AuthenticationException) => new(
                RelayFault.Untrusted,
                $"The certificate of {client.FullyQualifiedNamespace} is not trusted by this machine."
            ),
            _ => new(RelayFault.Unreachable, $"{client.FullyQualifiedNamespace} does not answer as a Service Bus ({e.GetType().Name})."),
        };

    private static IEnumerable<Exception> Causes(Exception e)
    {
        for (var cause = e; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
