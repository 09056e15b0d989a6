using System.Diagnostics;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Passwords;
using PortalApp.Passwords.Hashes;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.SignIn.Passwords;

/// <summary>
/// Proves passwords that live in an organisation's own directory, by asking it. Every name of the domain is asked about, and fails at the same time.
/// </summary>
internal sealed class DirectoryPasswords(OnPremisesHome home, UserPasswords passwords, RequestWatch watch, TimeProvider clock)
{
    /// <summary>After the post, before which no failure is shown: what a directory's answer takes tells nothing of the account.</summary>
    public static readonly TimeSpan Floor = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PlaceWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PlacePoll = TimeSpan.FromMilliseconds(100);

    /// <summary>Whether the directory answers now: said to every name alike, before anything is counted or asked.</summary>
    public async Task<bool> IsReachedAsync(Domain domain, CancellationToken cancellation) =>
        await home.HealthAsync(domain, cancellation) is HealthAnswer.Up;

    /// <param name="key">What is counted for the name.</param>
    /// <param name="user">Null where the name has no account.</param>
    public async Task<PasswordProof> ProveAsync(Domain domain, string key, User? user, string typed, CancellationToken cancellation)
    {
        if (CurrentPassword.TryCreate(typed) is not { } password)
        {
            return new PasswordProof.Wrong();
        }

        var isKnown = domain.PasswordManagement == PasswordManagement.PasswordHashSync;
        if (isKnown && user is not null && await passwords.IsRightAsOfDirectoryAsync(user, password, cancellation))
        {
            return new PasswordProof.Right();
        }

        if (isKnown && !await IsReachedAsync(domain, cancellation))
        {
            return new PasswordProof.Unreachable();
        }

        if (await AskAsync(domain, key, user, password, cancellation) is not { } asked)
        {
            return new PasswordProof.Busy();
        }

        var result = await watch.WaitAsync(domain.Tenant, asked, VerifySubject.Patience, cancellation);
        if (isKnown && user is not null && result is WritebackResult.Verified { State: PasswordState.InForce, SetAt: { } at })
        {
            await passwords.FillAsync(user, password, at, cancellation);
        }

        return Of(result);
    }

    /// <summary>Ends a second after the post, or at once where that is over.</summary>
    /// <param name="posted">On the clock that never goes back.</param>
    public async Task WaitForFloorAsync(long posted, CancellationToken cancellation)
    {
        var left = Floor - clock.GetElapsedTime(posted);
        if (left > TimeSpan.Zero)
        {
            await Task.Delay(left, clock, cancellation);
        }
    }

    /// <summary>Waits a while for a place: who types a password does not know that others do.</summary>
    private async Task<RequestId?> AskAsync(Domain domain, string key, User? user, CurrentPassword password, CancellationToken cancellation)
    {
        var begun = clock.GetTimestamp();
        while (true)
        {
            var asked = await home.VerifyAsync(domain, key, user, password, cancellation);
            if (asked is not null || clock.GetElapsedTime(begun) > PlaceWait)
            {
                return asked;
            }

            await Task.Delay(PlacePoll, clock, cancellation);
        }
    }

    private static PasswordProof Of(WritebackResult? result) =>
        result switch
        {
            WritebackResult.Verified(PasswordState.InForce) => new PasswordProof.Right(),
            WritebackResult.Verified(var state) => new PasswordProof.Due(state),
            null => new PasswordProof.Unreachable(),
            _ when IsOfTheWay(result.Why) => new PasswordProof.Unreachable(),
            WritebackResult.Rejected or WritebackResult.NotAttempted => new PasswordProof.Wrong(result.Why),
            _ => throw new UnreachableException(),
        };

    /// <summary>What may happen to a question about any name, and so tells nothing of one.</summary>
    private static bool IsOfTheWay(WritebackReason why) =>
        why
            is WritebackReason.NoAgent
                or WritebackReason.NotSupported
                or WritebackReason.NotGranted
                or WritebackReason.DirectoryUnreachable
                or WritebackReason.AgentFault
                or WritebackReason.Unrecognised;
}
