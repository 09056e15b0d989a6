using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Agent.Enrolment;
using Agent.Portal;
using Agent.Status;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Portal.Agents;
using Portal.DirectorySync;
using PortalApp.Tests.Writeback;

namespace PortalApp.Tests.Agents;

public sealed class PortalClientWaitTests : IDisposable
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider clock = new(TimeProvider.System.GetUtcNow());
    private readonly Busy portal = new();
    private readonly AgentIdentity identity = AgentUnderTest.NewIdentity();

    private readonly ServiceProvider clients;

    public PortalClientWaitTests()
    {
        var services = new ServiceCollection();
        services
            .AddHttpClient(PortalClient.ClientName, client => client.BaseAddress = new Uri("https://portal.test"))
            .ConfigurePrimaryHttpMessageHandler(() => portal)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        clients = services.BuildServiceProvider();
    }

    [Fact]
    public async Task A_portal_that_asks_to_wait_gets_the_batch_when_it_said_and_not_before()
    {
        var syncing = NewClient().SyncAsync(new SyncBatch("run", 1, true, "corp.test", []), Ct);
        Assert.Equal(1, portal.Calls);

        clock.Advance(Busy.Wait - TimeSpan.FromMilliseconds(1));
        Assert.Equal((1, false), (portal.Calls, syncing.IsCompleted));
        clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.NotNull(await syncing);
        Assert.Equal(2, portal.Calls);
    }

    [Fact]
    public async Task No_hello_is_said_before_the_time_that_the_portal_named()
    {
        var client = NewClient();
        Assert.Null((await client.HelloAsync(new HelloRequest("1"), Ct)).Answer);
        Assert.False((await client.HelloAsync(new HelloRequest("1"), Ct)).Refused);
        Assert.Equal(1, portal.Calls);

        clock.Advance(Busy.Wait);
        Assert.NotNull((await client.HelloAsync(new HelloRequest("1"), Ct)).Answer);
    }

    public void Dispose()
    {
        clients.Dispose();
        portal.Dispose();
        identity.Dispose();
    }

    private PortalClient NewClient() =>
        new(clients.GetRequiredService<IHttpClientFactory>(), identity, new AgentStatus(), clock, NullLogger<PortalClient>.Instance);

    /// <summary>Asks to wait at the first call.</summary>
    private sealed class Busy : HttpMessageHandler
    {
        public static readonly TimeSpan Wait = TimeSpan.FromSeconds(30);

        public int Calls { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var answer = new HttpResponseMessage(++Calls == 1 ? HttpStatusCode.TooManyRequests : HttpStatusCode.OK);
            answer.Headers.RetryAfter = new RetryConditionHeaderValue(Wait);
            answer.Content = new StringContent(
                request.RequestUri!.AbsolutePath == AgentApi.Sync
                    ? JsonSerializer.Serialize(new SyncReport([]), WireJson.Options)
                    : JsonSerializer.Serialize(new HelloResponse(1, []), WireJson.Options)
            );
            return Task.FromResult(answer);
        }
    }
}
