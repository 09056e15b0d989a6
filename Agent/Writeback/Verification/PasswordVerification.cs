using System.Diagnostics;
using System.Security.Cryptography;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Writeback.Protection;
using Microsoft.Extensions.Logging;
using Portal.Policy;
using Portal.Writeback;

namespace Agent.Writeback.Verification;

/// <summary>
/// Answers whether a password is the one in force, by one bind as its owner. Tries none that could bring the account to its lock-out, and none of a
/// protected account. Who asks about nobody, or about an account that is not tried, costs the same: then the bind is nobody's.
/// </summary>
internal sealed class PasswordVerification(
    AgentOptions options,
    Preparation preparation,
    WrongPasswordGuard guard,
    VerifySlots slots,
    DirectoryConnector directory,
    Claims claims,
    TimeProvider clock,
    ILogger<PasswordVerification> logger
)
{
    private const string NobodyAnswers = "No controller answers.";
    private static readonly TimeSpan Longest = DirectoryLimits.Open + DirectoryLimits.Grace;

    /// <returns>Null: the account is not one that this agent serves.</returns>
    public async Task<WritebackResult?> AnswerAsync(WritebackRequest.Verify request, CancellationToken cancellation)
    {
        var target = preparation.Find(request.Anchor);
        if (target is Target.NotServed)
        {
            return null;
        }

        if (!slots.TryTake(request.Anchor))
        {
            return new WritebackResult.NotAttempted(WritebackReason.RateCapped, "As many passwords are being tried as may be.");
        }

        Task bind = Task.CompletedTask;
        try
        {
            var trial = await JudgeAsync(request, target, cancellation);
            if (await claims.TakeUnnotedAsync(request, cancellation) is not Claim.Granted { Grant.HasTime: true })
            {
                GiveBack(trial);
                logger.NotGranted(request.Id.Value);
                return new WritebackResult.NotAttempted(WritebackReason.NotGranted, null);
            }

            var proving = Bind(trial, request.Current);
            bind = proving;
            return Judge(trial, await AnswerOfAsync(proving));
        }
        finally
        {
            // A call that hangs goes on holding its place.
            _ = bind.ContinueWith(_ => slots.Leave(request.Anchor), TaskScheduler.Default);
        }
    }

    private async Task<Trial> JudgeAsync(WritebackRequest.Verify request, Target target, CancellationToken cancellation) =>
        target is not Target.Account link
            ? await OfNobodyAsync(((Target.None)target).Why, cancellation)
            : await JudgeAsync(request, link, cancellation)
                ?? await JudgeAsync(request, link, cancellation)
                ?? await OfNobodyAsync(new(WritebackReason.DirectoryUnreachable, NobodyAnswers), cancellation);

    /// <returns>Null where the directory answered at first and then no more.</returns>
    private async Task<Trial?> JudgeAsync(WritebackRequest.Verify request, Target.Account link, CancellationToken cancellation) =>
        await preparation.ReadAsync(link, cancellation) switch
        {
            Prepared.Ready(var channel, var account) => await JudgeAsync(request, channel, account, cancellation),
            Prepared.Refused(var why, _) => await OfNobodyAsync(why, cancellation),
            _ => throw new UnreachableException(),
        };

    private async Task<Trial?> JudgeAsync(
        WritebackRequest.Verify request,
        DirectoryChannel channel,
        AccountState account,
        CancellationToken cancellation
    )
    {
        using (channel)
        {
            return await guard.JudgeAsync(request.Id, channel, account) switch
            {
                PasswordTrial.Allowed allowed => new Trial.OfAccount(channel.Controller.Server, account, allowed),
                PasswordTrial.Refused(var why) => new Trial.OfNobody(channel.Controller.Server, why),
                _ => null,
            };
        }
    }

    private async Task<Trial> OfNobodyAsync(WritebackResult.NotAttempted why, CancellationToken cancellation)
    {
        if (await directory.RentAsync(null, cancellation) is not Rent.Lent(var channel))
        {
            return new Trial.OfNobody(null, new(WritebackReason.DirectoryUnreachable, NobodyAnswers));
        }

        using (channel)
        {
            return new Trial.OfNobody(channel.Controller.Server, why);
        }
    }

    private Task<BindAnswer> Bind(Trial trial, CurrentPassword typed) =>
        trial switch
        {
            Trial.OfAccount(var server, var account, _) => directory.ProveAsync(server, account.Dn, typed),
            Trial.OfNobody({ } server, _) => directory.ProveAsync(
                server,
                $"CN={Guid.CreateVersion7():N},{options.Directory.BaseDn}",
                CurrentPassword.TryCreate(RandomNumberGenerator.GetHexString(32))!
            ),
            _ => Task.FromResult<BindAnswer>(new BindAnswer.Lost(NobodyAnswers)),
        };

    private async Task<BindAnswer> AnswerOfAsync(Task<BindAnswer> proving)
    {
        try
        {
            return await proving.WaitAsync(Longest, clock);
        }
        catch (TimeoutException)
        {
            return new BindAnswer.Lost("No answer within the time limit, and the call did not end.");
        }
    }

    private WritebackResult Judge(Trial trial, BindAnswer answer)
    {
        if (trial is not Trial.OfAccount(_, var account, _))
        {
            return answer is BindAnswer.Lost(var why)
                ? new WritebackResult.NotAttempted(WritebackReason.DirectoryUnreachable, why)
                : ((Trial.OfNobody)trial).Why;
        }

        var result = BindMap.Of(answer, account.Sid);
        if (result is not WritebackResult.Verified verified)
        {
            return result;
        }

        GiveBack(trial);
        return verified with { SetAt = account.PasswordSetAt };
    }

    private void GiveBack(Trial trial)
    {
        if (trial is Trial.OfAccount(_, _, var allowed))
        {
            guard.GiveBack(allowed);
        }
    }

    /// <summary>Whose bind it will be.</summary>
    private abstract record Trial
    {
        private Trial() { }

        public sealed record OfAccount(string Server, AccountState Account, PasswordTrial.Allowed Allowed) : Trial;

        /// <param name="Server">Null where none answers.</param>
        public sealed record OfNobody(string? Server, WritebackResult.NotAttempted Why) : Trial;
    }
}
