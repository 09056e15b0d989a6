using Agent;
using Agent.Enrolment;
using Agent.Portal;
using Agent.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>An enrolled agent as its program runs it, inside the test process, where it can be told to say hello at once.</summary>
internal sealed class InProcessAgent : IAsyncDisposable
{
    private readonly AgentIdentity identity;
    private readonly IHost host;

    private InProcessAgent(AgentIdentity identity, IHost host) => (this.identity, this.host) = (identity, host);

    /// <summary>Until it listens and has synchronised.</summary>
    /// <param name="folder">Of an agent that does not run.</param>
    public static async Task<InProcessAgent> StartAsync(string folder, CapturedLog log)
    {
        var options = Assert.IsType<AgentOptionsReading.Good>(AgentOptionsFile.Read(folder)).Options;
        var identity = new IdentityStore(folder).Load()!;
        var host = AgentHost.Build(folder, options, identity, builder => builder.Logging.ClearProviders().AddProvider(log));
        await host.StartAsync();
        var status = host.Services.GetRequiredService<AgentStatus>();
        await Eventually.TrueAsync(
            () => status.Current is { RelayProblem: null, SyncCompletedAt: not null },
            TimeSpan.FromSeconds(60),
            "the agent to be connected and synchronised"
        );
        return new(identity, host);
    }

    /// <summary>Otherwise said once a minute.</summary>
    public Task GreetAsync() => host.Services.GetRequiredService<PortalGreeting>().GreetAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await host.StopAsync();
        host.Dispose();
        identity.Dispose();
    }
}
