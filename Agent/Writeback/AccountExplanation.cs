using System.Diagnostics;
using Agent.Directory;
using Agent.Directory.Accounts;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>What links the person to the directory, as far as this agent knows.</summary>
internal delegate IReadOnlyList<ExplainedLink> ExplainLinks(CloudAnchor anchor);

/// <summary>Answers what <c>Agent explain</c> shows, by the same code, and how the account stands at this moment. Changes nothing.</summary>
internal sealed class AccountExplanation(ExplainLinks links, Preparation preparation, AccountCheck check, DirectoryConnector directory)
{
    private const string LockedAt = "lockoutTime";
    private const string PasswordEnds = "msDS-UserPasswordExpiryTimeComputed";

    /// <returns>Null: the account is not one that this agent serves.</returns>
    public async Task<WritebackResult?> AnswerAsync(CloudAnchor anchor, CancellationToken cancellation)
    {
        switch (preparation.Find(anchor))
        {
            case Target.NotServed:
                return null;
            case Target.None(var why):
                return new WritebackResult.Explained([.. links(anchor), CheckExplanation.Refused(why, null)], null, null);
            case Target.Account link:
                var found = await check.LookAsync(link, cancellation, forAdministrator: true);
                return new WritebackResult.Explained(
                    [.. links(anchor), .. CheckExplanation.Explain(found)],
                    await FactsAsync(link.ObjectGuid, cancellation),
                    (found.Result as WritebackResult.Settable)?.Rules
                );
            default:
                throw new UnreachableException();
        }
    }

    private async Task<AccountFacts?> FactsAsync(Guid objectGuid, CancellationToken cancellation)
    {
        if (await directory.RentAsync(null, cancellation) is not Rent.Lent(var channel))
        {
            return null;
        }

        using (channel)
        {
            if (await AccountReader.ReadAsync(channel, objectGuid) is not AccountReading.Read(var account))
            {
                return null;
            }

            var times = DirectoryEntry.Only(await channel.ReadAsync(AccountReader.DnOf(objectGuid), LockedAt, PasswordEnds));
            return new(
                account.Dn,
                channel.Controller.Server,
                !account.IsDisabled,
                account.Locked,
                account.Locked ? AccountReader.TimeOf(times?.Large(LockedAt)) : null,
                account.ExpiresAt,
                account.PasswordSetAt,
                AccountReader.TimeOf(times?.Large(PasswordEnds))
            );
        }
    }
}
