using Microsoft.EntityFrameworkCore;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Passwords;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Helpdesk.Explanations;

/// <summary>What came of asking about an account. Closed: the cases below.</summary>
internal abstract record AccountExplanation
{
    private AccountExplanation() { }

    public sealed record Told(WritebackResult.Explained Account, DateTimeOffset At) : AccountExplanation;

    /// <param name="Why">Null where no answer came in time.</param>
    public sealed record NotAnswered(WritebackReason? Why) : AccountExplanation;

    /// <summary>As many are being asked as may be, or this one by somebody else.</summary>
    public sealed record TooMany : AccountExplanation;
}

/// <summary>Has an agent look at a person's account on premises as it is now, and at all that stands between; nothing is set.</summary>
internal sealed class AccountExplanations(
    IDbContextFactory<PortalDb> databases,
    OnPremisesHome home,
    RequestWatch watch,
    TimeProvider clock
)
{
    /// <param name="user">Of a directory.</param>
    public async Task<AccountExplanation> AskAsync(SignedIn me, User user, CancellationToken cancellation)
    {
        var asked = await home.ExplainAsync(user, me.User.Id, cancellation) is { } id ? id.Value : await OpenAsync(user, cancellation);
        if (asked is null)
        {
            return new AccountExplanation.TooMany();
        }

        return await watch.WaitAsync(user.Tenant, new RequestId(asked), VerifySubject.Patience, cancellation) switch
        {
            WritebackResult.Explained explained => new AccountExplanation.Told(explained, clock.GetUtcNow()),
            { Why: var why } => new AccountExplanation.NotAnswered(why),
            null => new AccountExplanation.NotAnswered(null),
        };
    }

    /// <summary>The question that somebody else has just asked about the same person.</summary>
    private async Task<string?> OpenAsync(User user, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<Request>()
            .Where(r => r.Tenant == user.Tenant && r.Place != null && r.EndedAt == null && r.Anchor == user.Id)
            .Where(r => r.Kind == RequestKind.Explain)
            .Select(r => r.Id)
            .FirstOrDefaultAsync(cancellation);
    }
}
