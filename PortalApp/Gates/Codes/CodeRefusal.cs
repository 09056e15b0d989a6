using PortalApp.Notifications;

namespace PortalApp.Gates.Codes;

/// <summary>Why a code was not taken, or none was sent. Closed: the cases below.</summary>
internal abstract record CodeRefusal : GateRefusal
{
    private CodeRefusal() { }

    /// <summary>Nothing was typed; nothing was compared.</summary>
    public sealed record Missing : CodeRefusal;

    /// <summary>Not the code. A text without exactly eight digits is this too, with <paramref name="TriesLeft"/> unchanged (H42).</summary>
    /// <param name="TriesLeft">Of this code; at 0 a new one must be asked for.</param>
    public sealed record Wrong(int TriesLeft) : CodeRefusal;

    /// <summary>No code works here: none was sent, or it was used, replaced, ran out, or the address was changed. A new one helps.</summary>
    public sealed record NoCode : CodeRefusal;

    /// <summary>The five tries of this code are used up. A new one helps.</summary>
    public sealed record TriesUsed : CodeRefusal;

    /// <summary>None was sent: the last one was sent just now; one can be sent at <paramref name="Until"/>.</summary>
    public sealed record TooSoon(DateTimeOffset Until) : CodeRefusal;

    /// <summary>None was sent, and none will be in this flow: three were. A new flow helps.</summary>
    public sealed record NoMoreHere : CodeRefusal;

    /// <summary>
    /// From here, or in this organisation, as much was asked for or typed wrong as may be; again at <paramref name="Until"/>. For one person
    /// from one place, that locks nobody else out.
    /// </summary>
    public sealed record TooManyCodes(DateTimeOffset Until) : CodeRefusal;

    /// <summary>None was sent, and none will be for a week: who carries it says that the number takes none of its kind. It cost nothing.</summary>
    public sealed record Undelivered(AddressFaultReason Why) : CodeRefusal;

    /// <summary>None was sent: the number is of a kind or a country that is not texted or called from here.</summary>
    public sealed record NotServed : CodeRefusal;

    /// <summary>
    /// For this person nothing more can be done from where nobody knows them: strangers have used up their part of the day's codes or of the
    /// failures in a row. A browser or network in which they succeeded before helps, and the helpdesk.
    /// </summary>
    public sealed record AccountLimited : CodeRefusal
    {
        public override bool IsOfThePerson => true;
    }

    /// <summary>What the page's address says was refused, with what stands now; null where it is said no more.</summary>
    public static CodeRefusal? Recall(string? name, CodeStanding now) =>
        name switch
        {
            _ when now.Hindrance is Undelivered => now.Hindrance,
            nameof(Missing) => new Missing(),
            nameof(NoCode) or nameof(Wrong) or nameof(TriesUsed) when now.Newest is null => now.Hindrance is AccountLimited or TooManyCodes
                ? now.Hindrance
                : new NoCode(),
            nameof(Wrong) => new Wrong(now.Newest!.TriesLeft),
            nameof(TriesUsed) when now.Newest!.TriesLeft == 0 => new TriesUsed(),
            nameof(TooSoon) or nameof(NoMoreHere) or nameof(TooManyCodes) or nameof(AccountLimited) => now.Hindrance,
            _ => null,
        };
}
