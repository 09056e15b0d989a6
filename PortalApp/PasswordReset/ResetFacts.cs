using Portal.Writeback;

namespace PortalApp.PasswordReset;

/// <summary>All that a flow's stage is computed from.</summary>
/// <param name="Identified">A flow was begun for a name.</param>
/// <param name="Alive">Within its life, and the tenant and the user that it began for still allow it.</param>
/// <param name="GatesPassed">Passed with what is still the user's (H30); spent ones count.</param>
/// <param name="GateAsked">It is known what is to be passed next: it was chosen, or there is no choice.</param>
/// <param name="Disputed">The person says that what was done with their account was not them.</param>
/// <param name="GatesSpent">A set ended in Applied or Unknown (I7).</param>
/// <param name="Check">The question about the account.</param>
/// <param name="Set">The newest writing request.</param>
/// <param name="Sets">Writing requests so far.</param>
/// <param name="SetsAllowed">Ten (I7).</param>
internal sealed record ResetFacts(
    bool Identified,
    bool Alive,
    int GatesRequired,
    int GatesPassed,
    bool GateAsked,
    bool Disputed,
    bool GatesSpent,
    Asked Check,
    Asked Set,
    int Sets,
    int SetsAllowed
);

/// <summary>A request to the directory's side. Closed: not asked, still open, or answered.</summary>
internal abstract record Asked
{
    private Asked() { }

    public static readonly Asked Nothing = new NotYet();
    public static readonly Asked NoAnswer = new Open();

    public sealed record NotYet : Asked;

    public sealed record Open : Asked;

    public sealed record Answered(WritebackResult Result) : Asked;
}
