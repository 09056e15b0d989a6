using Microsoft.EntityFrameworkCore;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.SignIn.Sessions;
using PortalApp.Throttle;
using PortalApp.Users;

namespace PortalApp.Registration.Proofs;

/// <summary>Whether somebody who is signed in may change what they are verified by. Closed: the three cases below.</summary>
internal abstract record ProofStanding
{
    private ProofStanding() { }

    /// <summary>They may, for a while.</summary>
    /// <param name="With">What was proved just now; null where nothing is held and the password alone is enough.</param>
    public sealed record Proved(HolderProof? With) : ProofStanding;

    /// <summary>First a proof with what is held already: a password that others know must not lead to a way in of their own.</summary>
    /// <param name="Held">That it can be proved with.</param>
    /// <param name="Begun">What was chosen; null before.</param>
    public sealed record Asked(IReadOnlyList<GateHolding> Held, HolderProof? Begun) : ProofStanding;

    /// <summary>Nothing is held, and the sign-in was too long ago.</summary>
    public sealed record SignInAgain : ProofStanding;
}

/// <summary>Asks whoever is signed in for a proof with what they hold already, before they change it. The gates ask and judge it as at a reset.</summary>
internal sealed class HolderProofs(
    IDbContextFactory<PortalDb> databases,
    UserStore users,
    GateProfiles profiles,
    IEnumerable<IGate> gates,
    TimeProvider clock
)
{
    public static readonly TimeSpan Holds = TimeSpan.FromMinutes(15);

    public async Task<ProofStanding> StandingAsync(SignedIn who, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var held = await HeldAsync(who, cancellation);
        if (held.Count == 0)
        {
            return now - who.ProvedAt < Holds ? new ProofStanding.Proved(null) : new ProofStanding.SignInAgain();
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var newest = await Of(db, who)
            .AsNoTracking()
            .Where(p => p.ExpiresAt > now)
            .OrderByDescending(p => p.Id)
            .FirstOrDefaultAsync(cancellation);
        return newest is { ProvedAt: not null }
            ? new ProofStanding.Proved(newest)
            : new ProofStanding.Asked(held, newest is not null && held.Any(h => h.Method == newest.Method) ? newest : null);
    }

    /// <summary>Chooses what to prove it by, and begins that gate.</summary>
    /// <returns>False where it cannot be chosen.</returns>
    public async Task<GateBeginning?> ChooseAsync(SignedIn who, GateMethod method, Caller caller, CancellationToken cancellation)
    {
        if (await StandingAsync(who, cancellation) is not ProofStanding.Asked asked || asked.Held.All(h => h.Method != method))
        {
            return null;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var proof = new HolderProof
        {
            Tenant = who.Tenant.Id,
            UserId = who.User.Id,
            Session = who.Session,
            Method = method,
            ExpiresAt = clock.GetUtcNow() + Holds,
        };
        db.Add(proof);
        await db.SaveChangesAsync(cancellation);
        return await BeginAsync(who, proof, caller, anew: false, cancellation);
    }

    public async Task<GateBeginning> BeginAsync(
        SignedIn who,
        HolderProof proof,
        Caller caller,
        bool anew,
        CancellationToken cancellation
    ) => await gates.Of(proof.Method).BeginAsync(await SubjectAsync(who, proof, caller, cancellation), anew, cancellation);

    /// <param name="form">As it was sent; the gate alone knows its fields.</param>
    public async Task<GateAnswer> AnswerAsync(
        SignedIn who,
        HolderProof proof,
        Caller caller,
        IFormCollection form,
        CancellationToken cancellation
    )
    {
        var holding = (await HeldAsync(who, cancellation)).First(h => h.Method == proof.Method);
        var subject = await SubjectAsync(who, proof, caller, cancellation);
        var answer = await gates.Of(proof.Method).AnswerAsync(subject, form, cancellation);
        if (answer is GateAnswer.Passed)
        {
            var now = clock.GetUtcNow();
            await using var db = await databases.CreateDbContextAsync(cancellation);
            await Of(db, who)
                .Where(p => p.Id == proof.Id && p.ProvedAt == null)
                .ExecuteUpdateAsync(
                    set =>
                        set.SetProperty(p => p.ProvedAt, now)
                            .SetProperty(p => p.Basis, holding.Basis)
                            .SetProperty(p => p.ExpiresAt, now + Holds),
                    cancellation
                );
        }

        return answer;
    }

    /// <summary>A flow of its own: its number is below zero, so that it is never a reset's.</summary>
    public async Task<GateSubject> SubjectAsync(SignedIn who, HolderProof proof, Caller caller, CancellationToken cancellation) =>
        new(
            await PersonAsync(who, cancellation),
            who.User.UserPrincipalName,
            who.Tenant.Name,
            who.Tenant.HelpdeskPhone,
            -proof.Id,
            proof.ExpiresAt,
            caller,
            CodePurpose.Registration
        );

    /// <summary>Whether this very value was just proved, so that nobody is asked for two codes to one address.</summary>
    public async Task<bool> IsOfAsync(SignedIn who, HolderProof? proof, GateMethod method, CancellationToken cancellation) =>
        proof is { Basis: { } basis }
        && proof.Method == method
        && (await HeldAsync(who, cancellation)).FirstOrDefault(h => h.Method == method)?.Basis.SequenceEqual(basis) == true;

    /// <summary>What somebody else is told by no question of theirs: answers that can be found out prove nothing here.</summary>
    private async Task<IReadOnlyList<GateHolding>> HeldAsync(SignedIn who, CancellationToken cancellation)
    {
        var all = await profiles.OfAsync(await PersonAsync(who, cancellation), cancellation);
        return [.. all.Held.Where(h => !h.IsUsedUp && gates.Of(h.Method).Kind > ProofKind.Knowledge)];
    }

    private async Task<GatePerson> PersonAsync(SignedIn who, CancellationToken cancellation) =>
        GatePerson.Of(who.Tenant.Id, who.User.Id, await users.FindAsync(who.Tenant.Id, who.User.Id, cancellation));

    private static IQueryable<HolderProof> Of(PortalDb db, SignedIn who) =>
        db.Set<HolderProof>().Where(p => p.Session == who.Session && p.UserId == who.User.Id);
}
