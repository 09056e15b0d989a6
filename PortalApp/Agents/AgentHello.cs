using Portal.Agents;
using Portal.DirectorySync;
using Portal.Relay;
using PortalApp.Relay;
using PortalApp.Secrets;

namespace PortalApp.Agents;

/// <summary>Keeps what an agent says of itself, and tells it where its relay is and which of the tenant's keys it lacks.</summary>
internal sealed class AgentHello(AgentStore agents, AgentEnrolment enrolment, TenantKeys tenantKeys, IRelay relay)
{
    private const int MaxVersionChars = 100;

    /// <summary>Of a list whose like any real agent's is far shorter.</summary>
    private const int MaxItems = 64;

    public async Task<IResult> AnswerAsync(AgentCall<HelloRequest> call)
    {
        var (agent, hello) = (call.Agent, call.Body);
        if (hello.Version.Length > MaxVersionChars || (hello.State is { } state && !IsSound(state)))
        {
            return AgentCalls.Malformed();
        }

        var at = await relay.AddressOfAsync(agent.Tenant, call.Aborted);
        await agents.GreetedAsync(call, at);
        var addresses = (hello.State?.Connectors ?? []).Select(served => new ConnectorAddress(
            served.Name,
            RelayAddress.Of(agent.Tenant, served.Name).Value
        ));
        return Results.Json(
            new HelloResponse(agent.Tenant.Value, await LackingAsync(agent, hello, call.Aborted), new(at.AbsoluteUri, [.. addresses])),
            WireJson.Options
        );
    }

    /// <summary>None, and none is opened, where the agent holds just the valid ones: a hello a minute must not bury the openings that matter (M16).</summary>
    private async Task<IReadOnlyList<SealedTenantKey>> LackingAsync(EnrolledAgent agent, HelloRequest hello, CancellationToken cancellation)
    {
        var valid = await tenantKeys.GenerationsAsync(agent.Tenant, cancellation);
        return hello.State is { } state && state.TenantKeys.Order().SequenceEqual(valid.Order()) ? []
            : await agents.RecipientAsync(agent, cancellation) is { } recipient
                ? await enrolment.SealKeysAsync(agent.Tenant, recipient.Key, cancellation, valid[0])
            : [];
    }

    private static bool IsSound(AgentState state) =>
        state.Kinds.Count <= MaxItems
        && state.TenantKeys.Count <= MaxItems
        && state.Connectors.Count <= RelayLimits.MaxLinksPerConnection
        && state.Connectors.All(IsSound)
        && state.Connectors.DistinctBy(connector => connector.Name).Count() == state.Connectors.Count;

    private static bool IsSound(ServedConnector? connector) =>
        connector is not null
        && ConnectorName.IsOne(connector.Name)
        && connector.Controllers.Count <= MaxItems
        && connector.Controllers.All(at => at is not null && ConnectorName.IsOne(at.Server));
}
