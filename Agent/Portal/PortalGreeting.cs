using Agent.Directory;
using Agent.DirectorySync;
using Agent.Enrolment;
using Agent.Status;
using Agent.Writeback;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Relay;

namespace Agent.Portal;

/// <summary>Where to listen, as the last hello was answered.</summary>
/// <param name="Place">For the connectors that are ready alone; null where no hello was answered yet.</param>
/// <param name="Refused">The portal does not take this agent's calls.</param>
/// <param name="Changed">Cancelled when another hello was answered with something else.</param>
internal sealed record ListeningPlace(RelayPlace? Place, bool Refused, CancellationToken Changed);

/// <summary>
/// Says hello at each connection, on a change and once a minute, takes the tenant's keys and the relay's place from the answer, and brings to an
/// end what a cut left open. Looks meanwhile whether the directory is well.
/// </summary>
internal sealed class PortalGreeting(
    PortalClient portal,
    DirectoryConnector directory,
    ConnectorSpaces spaces,
    TenantKeyRing ring,
    Recovery recovery,
    AgentStatus status,
    AgentOptions options,
    TimeProvider clock,
    ILogger<PortalGreeting> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DescribeLimit = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim turn = new(1);
    private readonly SemaphoreSlim nudged = new(0);
    private CancellationTokenSource changing = new();
    private volatile ListeningPlace? listening;
    private string said = "";
    private long saidAt;
    private bool counterMissed;

    public ListeningPlace Listening => listening ??= new(null, Refused: false, changing.Token);

    /// <summary>Something may have changed: looks at once.</summary>
    public void Nudge() => nudged.Release();

    public async Task GreetAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            await GreetAsync(await LookAsync(cancellation), cancellation);
        }
        finally
        {
            turn.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        turn.Dispose();
        nudged.Dispose();
        changing.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await GreetIfDueAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.GreetingBroke(e);
            }

            await nudged.WaitAsync(LookInterval, stoppingToken);
        }
    }

    private async Task GreetIfDueAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            var state = await LookAsync(cancellation);
            if (said.Length > 0 && (clock.GetElapsedTime(saidAt) >= Interval || said != Summary(state)))
            {
                await GreetAsync(state, cancellation);
            }
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Bounded: a directory that hangs must not hold up the listening.</summary>
    private async Task<AgentState> LookAsync(CancellationToken cancellation)
    {
        var connector = options.Directory.Connector;
        var controllers = await directory.LookAsync(cancellation);
        status.Directory(controllers.Any(controller => controller.Answers) ? null : "no controller answered; see the agent's log");
        return new(
            [new ServedConnector(connector, spaces.IsFilled(connector), controllers)],
            [.. KnownKinds.All.Select(kind => (int)kind)],
            ring.Generations,
            clock.GetUtcNow()
        );
    }

    private async Task GreetAsync(AgentState state, CancellationToken cancellation)
    {
        (said, saidAt) = (Summary(state), clock.GetTimestamp());
        var (answer, refused) = await portal.HelloAsync(
            new HelloRequest(AgentVersion.Text, state with { Clock = clock.GetUtcNow() }),
            cancellation
        );
        if (answer is not null)
        {
            ring.Update(answer);
        }

        Take(answer?.Relay, refused, state);
        if (!counterMissed && await ReadsWriteCounterAsync(cancellation) is false)
        {
            counterMissed = true;
            logger.NoWriteCounter();
            await portal.AlarmAsync(new(AlarmKind.NoWriteCounter, "The agent's account cannot read replPropertyMetaData."), cancellation);
        }

        await recovery.RunAsync(cancellation);
    }

    /// <summary>Without an answer the last one stands.</summary>
    private void Take(RelayPlace? told, bool refused, AgentState state)
    {
        var before = Listening;
        var place = told is null || !IsKnown(told) ? before.Place : ReadyOf(told, state);
        if (refused == before.Refused && IsSame(place, before.Place))
        {
            return;
        }

        var over = changing;
        changing = new();
        listening = new(place, refused, changing.Token);
        over.Cancel();
        over.Dispose();
    }

    private bool IsKnown(RelayPlace told)
    {
        var known =
            Uri.TryCreate(told.Address, UriKind.Absolute, out var address)
            && address.Scheme is RelaySchemes.Embedded or RelaySchemes.ServiceBus;
        if (!known)
        {
            logger.RelayUnknown(told.Address);
        }

        return known;
    }

    private static RelayPlace ReadyOf(RelayPlace told, AgentState state)
    {
        var ready = state.Connectors.Where(connector => connector.Filled).Select(connector => connector.Name).ToHashSet();
        return told with { Connectors = [.. told.Connectors.Where(at => ready.Contains(at.Connector))] };
    }

    private static bool IsSame(RelayPlace? one, RelayPlace? other) =>
        one?.Address == other?.Address && (one?.Connectors ?? []).SequenceEqual(other?.Connectors ?? []);

    /// <summary>What is worth a hello of its own when it changes.</summary>
    private static string Summary(AgentState state) =>
        string.Join(
            '\n',
            state.Connectors.Select(connector =>
                $"{connector.Name} {connector.Filled} {string.Join(' ', connector.Controllers.Select(at => $"{at.Server}={at.Answers}"))}"
            )
        );

    /// <summary>A directory that hangs must not hold up the listening: the portal hears of it by its own question.</summary>
    private async Task<bool?> ReadsWriteCounterAsync(CancellationToken cancellation)
    {
        try
        {
            return await directory.ReadsWriteCounterAsync(cancellation).WaitAsync(DescribeLimit, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }
    }
}
