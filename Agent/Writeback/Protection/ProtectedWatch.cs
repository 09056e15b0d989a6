using Agent.Directory;
using Agent.Status;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Agent.Writeback.Protection;

/// <summary>
/// Looks for the entries of the agent file's list at the start and as often as the people are synchronised, so that an administrator hears of one
/// that is not found before anybody is refused for it.
/// </summary>
internal sealed class ProtectedWatch(
    ProtectedEntries entries,
    DirectoryConnector directory,
    AgentOptions options,
    AgentStatus status,
    TimeProvider clock,
    ILogger<ProtectedWatch> logger
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (options.Protected.Count > 0)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.ProtectedLookBroke(e);
            }

            await Task.Delay(TimeSpan.FromSeconds(options.Sync.IntervalSeconds), clock, stoppingToken);
        }
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (await directory.RentAsync(null, cancellation) is not Rent.Lent(var channel))
        {
            return;
        }

        using (channel)
        {
            var unfound = await entries.LookAsync(channel);
            if (!channel.IsBroken)
            {
                Tell(unfound);
            }
        }
    }

    private void Tell(IReadOnlyList<UnfoundEntry> unfound)
    {
        foreach (var entry in unfound)
        {
            if (entry.RefusesEverybody)
            {
                logger.ProtectedNotFound(entry.Entry, entry.Why, AgentOptionsFile.Name);
            }
            else
            {
                logger.ProtectedSidNotFound(entry.Entry, entry.Why);
            }
        }

        status.Protected(unfound.FirstOrDefault(entry => entry.RefusesEverybody)?.Sentence);
    }
}
