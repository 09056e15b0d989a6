using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Agent.Enrolment;
using Agent.Portal;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Agents;

/// <summary>The agent's side of an enrolment whose answer says nothing.</summary>
public sealed class LostEnrolmentTests
{
    [Fact]
    public async Task After_a_lost_answer_the_same_keys_are_tried_again_and_a_later_no_leaves_them()
    {
        var folder = Repository.NewFolder("enrolment");
        var portal = new Answers(null, HttpStatusCode.BadGateway, HttpStatusCode.Forbidden);

        Assert.IsType<EnrolmentOutcome.Unsure>(await EnrolAsync(folder, portal));
        Assert.IsType<EnrolmentOutcome.Unsure>(await EnrolAsync(folder, portal));
        var refused = Assert.IsType<EnrolmentOutcome.Refused>(await EnrolAsync(folder, portal));

        Assert.Contains("its keys stay", refused.Sentence, StringComparison.Ordinal);
        Assert.Equal(3, portal.SigningKeys.Count);
        Assert.Single(portal.SigningKeys.Distinct());
        Assert.True(File.Exists(Path.Combine(folder, "keys", "agent.keys")));
    }

    [Fact]
    public async Task A_definite_no_to_a_first_try_leaves_nothing_behind()
    {
        var folder = Repository.NewFolder("enrolment");

        Assert.IsType<EnrolmentOutcome.Refused>(await EnrolAsync(folder, new Answers(HttpStatusCode.Forbidden)));

        Assert.Empty(Directory.GetFileSystemEntries(folder));
    }

    private static async Task<EnrolmentOutcome> EnrolAsync(string folder, Answers portal)
    {
        var services = new ServiceCollection();
        services
            .AddHttpClient(PortalClient.ClientName, client => client.BaseAddress = new Uri("https://portal.test"))
            .ConfigurePrimaryHttpMessageHandler(() => portal)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        await using var built = services.BuildServiceProvider();
        return await new AgentEnrolment(
            built.GetRequiredService<IHttpClientFactory>(),
            new IdentityStore(folder),
            TimeProvider.System
        ).EnrolAsync("https://portal.test", "CODE", "agent", TestContext.Current.CancellationToken);
    }

    /// <summary>A portal that answers so, one call after the other; null: the answer is lost.</summary>
    private sealed class Answers(params HttpStatusCode?[] statuses) : HttpMessageHandler
    {
        private readonly ConcurrentQueue<HttpStatusCode?> left = new(statuses);

        public ConcurrentQueue<string> SigningKeys { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var body = await request.Content!.ReadAsByteArrayAsync(cancellationToken);
            SigningKeys.Enqueue(JsonSerializer.Deserialize<EnrolmentRequest>(body, WireJson.Options)!.SigningKey.GetRawText());
            return left.TryDequeue(out var status) && status is { } said
                ? new HttpResponseMessage(said)
                : throw new HttpRequestException("The answer was lost.");
        }
    }
}
