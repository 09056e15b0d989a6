using Microsoft.AspNetCore.Components;

namespace PortalApp.Gates;

/// <summary>What the page around a gate gives to the gate's component.</summary>
/// <param name="Holding">What may be shown of what the person has, or is made to seem to have.</param>
/// <param name="Refused">The <see cref="GateRefusal.Name"/> of what came of the form that was sent last; null where it was done. Anybody can write it.</param>
/// <param name="IsAnew">It was begun anew just now, because the person asked for it.</param>
/// <param name="Page">The page's path, for links to a field of its own.</param>
/// <param name="Frame">Draws the page.</param>
/// <param name="Answer">
/// The form that is answered with, around the fields. To be drawn exactly once: with null where nothing can be answered now, and what an older
/// tab sends is still taken.
/// </param>
/// <param name="Begin">The form that begins the gate anew, around its button; only for a gate that can be begun, and then like <paramref name="Answer"/>.</param>
internal sealed record GateAsking(
    IGate Gate,
    GateSubject Subject,
    GateHolding Holding,
    string? Refused,
    bool IsAnew,
    string Page,
    RenderFragment<GateFrame> Frame,
    RenderFragment<RenderFragment?> Answer,
    RenderFragment<RenderFragment?> Begin
);

/// <param name="Heading">The question.</param>
internal sealed record GateFrame(string Heading, GateProblem? Problem, RenderFragment Content);

/// <summary>What went wrong, for the summary above the heading.</summary>
/// <param name="Advice">What to do.</param>
/// <param name="Field">The id of the field that it is about.</param>
internal sealed record GateProblem(string Heading, string Advice, string? Field);
