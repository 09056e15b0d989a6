using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Relay;

namespace PortalApp.Agents;

/// <summary>Another process may revoke an agent: its open relay connections end within seconds. Forgets spent calls and codes
/// whose time is over.</summary>
internal sealed class RevocationWatch(
    AgentStore agents,
    EmbeddedRelay relay,
    IDbContextFactory<PortalDb> databases,
    TimeProvider clock,
    ILogger<RevocationWatch> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan KeepCodes = TimeSpan.FromDays(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var connected = relay.ConnectedAgents;
                foreach (var id in connected.Count == 0 ? [] : await agents.RevokedAmongAsync(connected, stoppingToken))
                {
                    relay.Disconnect(id);
                }

                var now = clock.GetUtcNow();
                await using var db = await databases.CreateDbContextAsync(stoppingToken);
                await db.Set<SpentCall>().Where(s => s.ExpiresAt < now).ExecuteDeleteAsync(stoppingToken);
                var old = now - KeepCodes;
                await db.Set<EnrolmentCode>().Where(c => c.ExpiresAt < old).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                logger.WatchFailed(e);
            }
        }
    }
}
