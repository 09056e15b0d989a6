using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace PortalApp.Notifications;

/// <summary>One message in the outbox, and one entry of its feed.</summary>
/// <param name="Channel"><c>email</c>, <c>sms</c> or <c>call</c>.</param>
/// <param name="From">The sender's name; null for none.</param>
/// <param name="Html">As <see cref="MessageContent.Html"/>.</param>
internal sealed record KeptMessage(
    string Channel,
    string To,
    string? Subject,
    string Text,
    DateTimeOffset SentAt,
    string? From = null,
    string? Html = null
);

/// <summary>Development only: what would have been sent, as a page for people and a feed for programs.</summary>
internal static partial class Outbox
{
    private const int Shown = 200;

    public static void MapOutbox(this IEndpointRouteBuilder app)
    {
        var options = app.ServiceProvider.GetRequiredService<IOptions<MailOptions>>().Value;
        if (!options.UsesOutbox)
        {
            return;
        }

        // No other name: a site of somebody else may let its own point here.
        string[] here = ["localhost", "127.0.0.1"];
        app.MapGet("/outbox/feed", () => Results.Json(Read(options.Outbox!), JsonSerializerOptions.Web)).RequireHost(here);
        app.MapGet("/outbox", () => Results.Content(Page(Read(options.Outbox!)), "text/html; charset=utf-8")).RequireHost(here);
    }

    internal static async Task KeepAsync(
        string path,
        MessageChannel channel,
        MessageContent content,
        DateTimeOffset now,
        CancellationToken cancellation
    )
    {
        var folder = Directory.CreateDirectory(path).FullName;
        var kept = new KeptMessage(
            $"{channel}".ToLowerInvariant(),
            content.To,
            content.Subject,
            WithCode(content.Text),
            now,
            content.From,
            content.Html
        );
        var name = $"{now.UtcTicks:D19}-{Guid.CreateVersion7(now):N}";
        var unfinished = Path.Combine(folder, name + ".part");
        await File.WriteAllBytesAsync(unfinished, JsonSerializer.SerializeToUtf8Bytes(kept, JsonSerializerOptions.Web), cancellation);
        File.Move(unfinished, Path.Combine(folder, name + ".json"));
    }

    /// <summary>Oldest first.</summary>
    internal static IReadOnlyList<KeptMessage> Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return [];
        }

        var files = Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal);
        return [.. files.Select(f => JsonSerializer.Deserialize<KeptMessage>(File.ReadAllBytes(f), JsonSerializerOptions.Web)!)];
    }

    private static string Page(IReadOnlyList<KeptMessage> messages)
    {
        var page = new StringBuilder(
            """
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>Outbox</title><link rel="stylesheet" href="/portal.css"></head>
            <body><main class="page"><h1>Outbox</h1><p class="muted">Development only: no message leaves this portal. Newest first.</p>
            <p><a class="link" href="/outbox">Look again</a></p>

            """
        );
        foreach (var message in messages.Reverse().Take(Shown))
        {
            page.Append(
                CultureInfo.InvariantCulture,
                $"""
                <article class="card"><h2>{Encode(message.Subject ?? message.Channel)}</h2><p class="muted">To {Encode(
                    message.To
                )}, {message.SentAt:yyyy-MM-dd HH:mm:ss} UTC</p>
                <p class="mail">{Encode(message.Text)}</p></article>

                """
            );
        }

        return page.Append(messages.Count == 0 ? "<p>Nothing yet.</p>" : "").Append("</main></body></html>").ToString();
    }

    /// <summary>What a call says digit by digit stands below in one piece, to be copied.</summary>
    private static string WithCode(string text) =>
        SpokenCode().Match(text) is { Success: true } spoken
            ? $"{text}\n\n{spoken.Value.Replace(", ", "", StringComparison.Ordinal)}\n"
            : text;

    [GeneratedRegex(@"([0-9], ){7}[0-9]", RegexOptions.CultureInvariant)]
    private static partial Regex SpokenCode();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
