using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Runtime.CompilerServices;
using Agent.Directory.Accounts;
using Agent.Directory.Channels;
using Agent.Store;
using Microsoft.Extensions.Logging;
using Portal.Agents;
using Portal.Policy;

namespace Agent.Directory;

/// <summary>The way to one forest: connections to its controllers, lent out one by one, and the paged search that an import needs.</summary>
internal sealed class DirectoryConnector : IDisposable
{
    private readonly DirectoryOptions options;
    private readonly TimeProvider clock;
    private readonly ChannelOpening opening;
    private readonly ChannelPool pool;

    public DirectoryConnector(AgentOptions options, AgentFolder folder, TimeProvider clock, ILogger<DirectoryConnector> logger)
    {
        this.options = options.Directory;
        this.clock = clock;
        var trusted = Path.Combine(folder.Path, "directory-trust");
        opening = new(this.options, trusted, clock);
        pool = new(this.options, opening, clock, logger);
    }

    /// <summary>A channel for one request; disposing gives it back.</summary>
    /// <param name="server">That controller and no other; null = the first that answers.</param>
    public Task<Rent> RentAsync(string? server, CancellationToken cancellation) => pool.RentAsync(server, counted: true, cancellation);

    /// <summary>Whether that controller lets that account in. Ends when the call to the library does, which may be late (H64).</summary>
    public Task<BindAnswer> ProveAsync(string server, string dn, CurrentPassword password) =>
        Task.Factory.StartNew(
            () => opening.Prove(server, dn, password),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    /// <summary>A live base search on the domain object, answered within two seconds by some controller.</summary>
    public async Task<bool> IsAnsweringAsync(CancellationToken cancellation) => await AskAsync(null, cancellation) is not null;

    /// <summary>The same of each controller.</summary>
    public async Task<IReadOnlyList<ControllerState>> LookAsync(CancellationToken cancellation) =>
        await Task.WhenAll(
            options.Servers.Select(async server =>
                await AskAsync(server, cancellation) is { } controller
                    ? new ControllerState(server, true, (int)Math.Round(controller.ClockAhead.TotalSeconds))
                    : new ControllerState(server, false, null)
            )
        );

    /// <summary>The controller that answered; null for none, or not in time.</summary>
    private async Task<Controller?> AskAsync(string? server, CancellationToken cancellation)
    {
        try
        {
            return await SearchAsync().WaitAsync(DirectoryLimits.Health, clock, cancellation);
        }
        catch (TimeoutException)
        {
            return null;
        }

        async Task<Controller?> SearchAsync()
        {
            // The second attempt meets a fresh connection: an idle one may have been dropped by the other side.
            for (var attempt = 0; attempt < 2; attempt++)
            {
                if (await pool.RentAsync(server, counted: false, cancellation) is not Rent.Lent(var channel))
                {
                    return null;
                }

                using (channel)
                {
                    var search = new SearchRequest(options.BaseDn, "(objectClass=*)", SearchScope.Base, "objectGUID");
                    switch (await channel.SendAsync(search, DirectoryLimits.Health))
                    {
                        case DirectoryReply.Done { Response: SearchResponse { Entries.Count: 1 } }:
                            return channel.Controller;
                        case DirectoryReply.Lost or DirectoryReply.NotSent:
                            continue;
                        default:
                            return null;
                    }
                }
            }

            return null;
        }
    }

    /// <summary>Without it a lost answer stays unknown. Null when no controller answers.</summary>
    public async Task<bool?> ReadsWriteCounterAsync(CancellationToken cancellation)
    {
        if (await RentAsync(null, cancellation) is not Rent.Lent(var channel))
        {
            return null;
        }

        using (channel)
        {
            var own = channel.Controller.OwnSids.First().Value;
            var reply = await channel.ReadAsync($"<SID={own}>", "replPropertyMetaData");
            return DirectoryEntry.Only(reply)?.One<byte[]>("replPropertyMetaData") is { } data
                && WriteCounter.Parse(data) is not null
                && channel.Controller.InvocationId is not null;
        }
    }

    /// <summary>Every entry below <paramref name="baseDn"/> that the filter names, page by page, over a connection of its own.</summary>
    /// <param name="filter">RFC 4515; whatever is put into it must be escaped by <see cref="LdapFilter.Escape"/>.</param>
    /// <exception cref="SearchRefusedException">The base is not there, or may not be read.</exception>
    /// <exception cref="IOException">The directory is not reached, or was lost on the way: what was read so far is not all.</exception>
    public async IAsyncEnumerable<SearchResultEntry> SearchAsync(
        string baseDn,
        string filter,
        IReadOnlyList<string> attributes,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var page = new PageResultRequestControl(DirectoryLimits.PageSize);
        var search = new SearchRequest(baseDn, filter, SearchScope.Subtree, [.. attributes]);
        search.Controls.Add(page);
        var (channel, reply) = await BeginAsync(search, cancellation);
        using (channel)
        {
            while (true)
            {
                var found = reply switch
                {
                    DirectoryReply.Done { Response: SearchResponse response } => response,
                    DirectoryReply.Refused(var code, var text) => throw new SearchRefusedException(
                        $"The directory refused the search ({code}): {text}"
                    ),
                    DirectoryReply.Lost(var why) => throw new IOException(why),
                    DirectoryReply.NotSent(var why) => throw new IOException(why),
                    _ => throw new IOException("The directory's answer is no search result."),
                };
                page.Cookie = found.Controls.OfType<PageResultResponseControl>().FirstOrDefault()?.Cookie ?? [];
                foreach (SearchResultEntry entry in found.Entries)
                {
                    yield return entry;
                }

                if (page.Cookie.Length == 0)
                {
                    yield break;
                }

                cancellation.ThrowIfCancellationRequested();
                reply = await channel.SendAsync(search, DirectoryLimits.Search);
            }
        }
    }

    /// <summary>A connection may have been dropped by the other side; nothing has been read yet, so that a second one may be tried.</summary>
    private async Task<(DirectoryChannel Channel, DirectoryReply FirstPage)> BeginAsync(
        SearchRequest search,
        CancellationToken cancellation
    )
    {
        for (var attempt = 0; ; attempt++)
        {
            var channel = await pool.RentAsync(null, counted: false, cancellation) switch
            {
                Rent.Lent(var lent) => lent,
                Rent.None(_, var why) => throw new IOException(why),
                _ => throw new UnreachableException(),
            };
            var reply = await channel.SendAsync(search, DirectoryLimits.Search);
            if (attempt == 1 || reply is not (DirectoryReply.Lost or DirectoryReply.NotSent))
            {
                return (channel, reply);
            }

            channel.Dispose();
        }
    }

    public void Dispose() => pool.Dispose();
}

/// <summary>The directory is there, and does not let this be searched.</summary>
internal sealed class SearchRefusedException(string message) : IOException(message);

/// <summary>Whether a channel could be had.</summary>
internal abstract record Rent
{
    private Rent() { }

    public sealed record Lent(DirectoryChannel Channel) : Rent;

    /// <param name="Misconfigured">The directory is there and refuses the agent.</param>
    public sealed record None(bool Misconfigured, string Why) : Rent;
}
