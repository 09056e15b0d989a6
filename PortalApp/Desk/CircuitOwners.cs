using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Caching.Memory;
using PortalApp.SignIn.Sessions;

namespace PortalApp.Desk;

/// <summary>
/// A circuit is taken up again by the session that began it and by no other: the framework asks for the circuit's secret alone, and a secret
/// can be read from another's screen or memory (H94).
/// </summary>
internal sealed class CircuitOwners(IMemoryCache owners) : IHubFilter
{
    /// <summary>As long as a session may last; the secret of a circuit that is gone opens nothing.</summary>
    private static readonly TimeSpan Kept = TimeSpan.FromHours(8);

    public async ValueTask<object?> InvokeMethodAsync(
        HubInvocationContext invocationContext,
        Func<HubInvocationContext, ValueTask<object?>> next
    )
    {
        var session = invocationContext.Context.User?.FindFirst(SessionAuthentication.SessionClaim)?.Value;
        if (TakesUp(invocationContext.HubMethodName) && !IsOf(session, invocationContext.HubMethodArguments[0] as string))
        {
            invocationContext.Context.Abort();
            throw new HubException("The circuit is another session's.");
        }

        var result = await next(invocationContext);
        if (result is string secret && session is not null)
        {
            owners.Set(new Key(secret), session, Kept);
        }

        return result;
    }

    private bool IsOf(string? session, string? secret) =>
        session is not null && secret is not null && owners.TryGetValue(new Key(secret), out string? owner) && owner == session;

    private static bool TakesUp(string method) => method is "ConnectCircuit" or "ResumeCircuit" or "PauseCircuit";

    private sealed record Key(string Secret);
}
