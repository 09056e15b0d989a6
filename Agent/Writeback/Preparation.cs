using System.Diagnostics;
using Agent.Directory;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Agent.Writeback.Protection;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>From a cloud anchor to the forest object that it stands for.</summary>
internal delegate LinkSearch FindLink(CloudAnchor anchor);

/// <summary>All that comes before the claim: the links, one controller, the account as it is there now, and whether it may be set.</summary>
internal sealed class Preparation(
    AgentOptions options,
    FindLink findLink,
    IsFilled isFilled,
    DirectoryConnector directory,
    ProtectedEntries protectedEntries,
    TimeProvider clock
)
{
    private readonly IReadOnlyList<DistinguishedName> scopes =
    [
        .. options.Directory.Scopes.Select(scope =>
            DistinguishedName.TryParse(scope) ?? throw new InvalidDataException($"directory.scopes: \"{scope}\" is no distinguished name.")
        ),
    ];

    /// <summary>The object behind the anchor, or why there is none.</summary>
    public Target Find(CloudAnchor anchor) =>
        findLink(anchor) switch
        {
            LinkSearch.Found(var connector, var guid) => Own(connector, new(guid, MadeByEnabled: true)),
            LinkSearch.DisabledOnly(var connector, var guid) => Own(connector, new(guid, MadeByEnabled: false)),
            LinkSearch.Several => new Target.None(new(WritebackReason.SeveralMatches, SyncRules.UserAccountEnabled)),
            LinkSearch.Missing when !isFilled(options.Directory.Connector) => new Target.NotServed(),
            LinkSearch.Missing(var link) => new Target.None(new(WritebackReason.NotFoundOnPremises, link)),
            _ => throw new UnreachableException(),
        };

    /// <summary>Ready owns the channel that everything after goes over.</summary>
    public async Task<Prepared> ReadAsync(Target.Account link, CancellationToken cancellation)
    {
        // An idle connection may have been dropped by the other side; nothing has been written yet, so that a second one may be tried.
        for (var attempt = 0; ; attempt++)
        {
            var rent = await directory.RentAsync(null, cancellation);
            if (rent is Rent.None(var misconfigured, var why))
            {
                return new Prepared.Refused(
                    new(misconfigured ? WritebackReason.DirectoryMisconfigured : WritebackReason.DirectoryUnreachable, why)
                );
            }

            var channel = ((Rent.Lent)rent).Channel;
            Prepared? prepared = null;
            try
            {
                prepared = await JudgeAsync(channel, link);
                if (prepared is Prepared.Ready || !channel.IsBroken || attempt == 1)
                {
                    return prepared;
                }
            }
            finally
            {
                if (prepared is not Prepared.Ready)
                {
                    channel.Dispose();
                }
            }
        }
    }

    private async Task<Prepared> JudgeAsync(DirectoryChannel channel, Target.Account link)
    {
        switch (await AccountReader.ReadAsync(channel, link.ObjectGuid))
        {
            case AccountReading.Read(var account):
                var protectedOnes = await protectedEntries.ReadAsync(channel);
                if (channel.IsBroken)
                {
                    return new Prepared.Refused(new(WritebackReason.DirectoryUnreachable, "The connection was lost while reading."));
                }

                if (protectedOnes is not ProtectedReading.Read(var list))
                {
                    var unfound = ((ProtectedReading.Unfound)protectedOnes).Entries;
                    return new Prepared.Refused(new(WritebackReason.DirectoryMisconfigured, unfound[0].Sentence));
                }

                return Authorisation.Refuse(
                        account,
                        scopes,
                        channel.Controller.OwnSids,
                        list,
                        clock.GetUtcNow() + channel.Controller.ClockAhead
                    )
                        is { } refusal
                        ? new Prepared.Refused(refusal, Remedy.Of(refusal.Reason, account.Dn))
                    : link.MadeByEnabled ? new Prepared.Ready(channel, account)
                    : new Prepared.Refused(
                        new(WritebackReason.NotFoundOnPremises, SyncRules.UserAccountEnabled),
                        "none: the next synchronisation makes the link"
                    );
            case AccountReading.NotFound:
                return new Prepared.Refused(new(WritebackReason.NotFoundOnPremises, "The forest object is gone."));
            case AccountReading.Unreadable(var what):
                return new Prepared.Refused(
                    new(WritebackReason.DirectoryMisconfigured, $"The agent's account may not read what decides: {what}."),
                    Remedy.ToRead(options.Directory)
                );
            case AccountReading.Lost(var why):
                return new Prepared.Refused(new(WritebackReason.DirectoryUnreachable, why));
            default:
                throw new UnreachableException();
        }
    }

    private Target Own(string connector, Target.Account link) =>
        string.Equals(connector, options.Directory.Connector, StringComparison.OrdinalIgnoreCase) ? link : new Target.NotServed();
}

internal abstract record Target
{
    private Target() { }

    /// <param name="MadeByEnabled">
    /// By the rule "In from AD – User AccountEnabled", without which nothing is set (M13). False: at the last import the account was disabled,
    /// and the live look decides only what is said.
    /// </param>
    public sealed record Account(Guid ObjectGuid, bool MadeByEnabled) : Target;

    public sealed record None(WritebackResult.NotAttempted Why) : Target;

    /// <summary>Of another connector, or not to be told before this agent has filled its own: another agent may know the account.</summary>
    public sealed record NotServed : Target;
}

internal abstract record Prepared
{
    private Prepared() { }

    public sealed record Ready(DirectoryChannel Channel, AccountState Account) : Prepared;

    /// <param name="Remedy">What an administrator of the directory does; null where there is nothing, or <paramref name="Why"/> says it.</param>
    public sealed record Refused(WritebackResult.NotAttempted Why, string? Remedy = null) : Prepared;
}
