using System.CommandLine;
using PortalApp.Registration;

namespace PortalApp.Operator;

/// <summary>The flags of <c>tenant set</c> by which a tenant says what it asks of its people's registration.</summary>
internal sealed class RegistrationOptions
{
    private readonly Option<int?> wait = new("--registration-wait")
    {
        Description = "Hours before a phone, address or app that somebody registered counts for a reset; 24 unless it is told.",
    };

    private readonly Option<string?> ask = new("--registration-ask")
    {
        Description = "Whether whoever never registered is asked to when they sign in; off unless it is told.",
    };

    private readonly Option<int?> later = new("--registration-later") { Description = "How often somebody may put that off." };

    private readonly Option<int?> again = new("--registration-again")
    {
        Description = "Days after which people are asked whether all is right still; 0: never.",
    };

    public RegistrationOptions() => ask.AcceptOnlyFromAmong("on", "off");

    public IReadOnlyList<Option> All => [wait, ask, later, again];

    public RegistrationChange Read(CommandCall call) =>
        new(
            call.Typed.GetValue(wait),
            call.Typed.GetValue(ask) is { } told ? told == "on" : null,
            call.Typed.GetValue(later),
            call.Typed.GetValue(again)
        );
}
