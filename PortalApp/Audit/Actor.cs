using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace PortalApp.Audit;

internal enum ActorKind
{
    /// <summary>The portal itself, asked by nobody.</summary>
    Portal,

    /// <summary>Somebody at a page or an endpoint who has not proved who they are.</summary>
    Visitor,

    /// <summary>On the portal's host.</summary>
    Operator,
    Agent,
    User,
}

/// <summary>Who does something. Kept as text such as <c>Operator root on the portal's host</c>.</summary>
/// <param name="Name">An agent's or a user's id, an operator's name; empty for the kinds that have none.</param>
internal readonly record struct Actor(ActorKind Kind, string Name)
{
    public static Actor Portal { get; } = new(ActorKind.Portal, "");
    public static Actor Visitor { get; } = new(ActorKind.Visitor, "");

    public static Actor Operator(string name) => new(ActorKind.Operator, name);

    public static Actor Agent(string id) => new(ActorKind.Agent, id);

    public static Actor User(string id) => new(ActorKind.User, id);

    public override string ToString() => $"{Kind} {Name}".TrimEnd();
}

/// <summary>For a column.</summary>
internal sealed class ActorText() : ValueConverter<Actor, string>(actor => actor.ToString(), text => Read(text))
{
    private static Actor Read(string text) =>
        text.Split(' ', 2) is [var kind, var name] ? new(Enum.Parse<ActorKind>(kind), name) : new(Enum.Parse<ActorKind>(text), "");
}
