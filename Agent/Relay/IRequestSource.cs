using Portal.Agents;
using Portal.Relay;

namespace Agent.Relay;

/// <summary>
/// The agent's end of a relay; nothing around it knows of what kind the relay is. What an implementation owes, beyond the relay's own part (the
/// portal's <c>IRelay</c>):
/// <list type="bullet">
/// <item>it only receives, at the addresses that it was given and no other, and holds a receiver open at each for as long as the call lasts;</item>
/// <item>a few messages at a time for each address: what it has fetched ahead no relay can expire;</item>
/// <item>a message stays the agent's while it is in work, up to <see cref="RelayLimits.LongestTtl"/>: where the relay only lends it, the
/// loan is renewed. Where that fails it is delivered again, perhaps beside the first one: that is harmless, and must not become an error here;</item>
/// <item><see cref="Settlement.LeftForAnother"/> may come back to this agent, but not at once and round in circles; <see cref="Settlement.Dropped"/>
/// leaves nothing behind at the relay, least of all in a queue of dead letters that never expires;</item>
/// <item>when it is cancelled it takes no more, and gives what is in work some seconds to be settled.</item>
/// </list>
/// </summary>
internal interface IRequestSource
{
    /// <summary>Of the addresses that it can enter (<see cref="RelaySchemes"/>).</summary>
    string Scheme { get; }

    /// <summary>Enters the relay and receives until the connection, or one of its receivers, is lost. It does not come back by itself.</summary>
    /// <param name="listening">Called once, when the relay has let the agent in.</param>
    /// <param name="take">Called for each message; several at a time.</param>
    /// <returns>Null where it was entered, and then lost; else why not.</returns>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    Task<RelayConnecting.Refused?> ReceiveAsync(
        RelayPlace place,
        Action listening,
        Func<RelayDelivery, Task> take,
        CancellationToken cancellation
    );
}
