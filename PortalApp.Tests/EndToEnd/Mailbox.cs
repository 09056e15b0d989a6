using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.EndToEnd;

/// <summary>What the portal sent, read from its outbox as a person reads their mail.</summary>
internal sealed partial class Mailbox(InProcessPortal portal)
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>The newest code to that address that is not <paramref name="after"/>.</summary>
    public async Task<string> WaitForCodeAsync(string to, string? after = null)
    {
        string? code = null;
        await Eventually.TrueAsync(
            async () =>
                (code = (await ReadAsync(to)).Select(m => Code().Match(m.Text)).LastOrDefault(m => m.Success)?.Value) is not null
                && code != after,
            Deadline,
            $"a code to {to}"
        );
        return code!;
    }

    /// <summary>The newest mail to that address without a code.</summary>
    public async Task<OutboxMessage> WaitForNoticeAsync(string to)
    {
        OutboxMessage? notice = null;
        await Eventually.TrueAsync(
            async () => (notice = (await ReadAsync(to)).LastOrDefault(m => !Code().IsMatch(m.Text))) is not null,
            Deadline,
            $"a notice to {to}"
        );
        return notice!;
    }

    public async Task<IReadOnlyList<OutboxMessage>> ReadAsync(string to)
    {
        using var client = portal.CreateClient();
        var all = await client.GetFromJsonAsync<OutboxMessage[]>("/outbox/feed", JsonSerializerOptions.Web) ?? [];
        return [.. all.Where(m => m.To == to).OrderBy(m => m.SentAt)];
    }

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)")]
    private static partial Regex Code();
}
