using System.Globalization;
using System.Net;

namespace PortalApp.Notifications.Notices;

/// <summary>One mail to a person, as text and as HTML that says the same: nothing is fetched, nothing tells that it was read.</summary>
/// <param name="Text">Paragraphs with an empty line between.</param>
/// <param name="Foot">Whose account it is about, and where: it stands below whatever else is written.</param>
internal sealed record Letter(CultureInfo Language, string Subject, string Text, string Foot)
{
    /// <summary>What can be done about it; null for nothing.</summary>
    public LetterPress? Press { get; init; }

    /// <summary>The colours of portal.css.</summary>
    private const string Style = """
        :root { color-scheme: light dark; }
        body { margin: 0; padding: 24px 16px; background: #f4f5f7; color: #16191f; font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; overflow-wrap: anywhere; }
        main { max-width: 30rem; margin: 0 auto; padding: 32px; background: #ffffff; border: 1px solid #dfe2e8; border-radius: 12px; }
        h1 { margin: 0 0 16px; font-size: 22px; line-height: 1.25; }
        p { margin: 0 0 16px; white-space: pre-line; }
        .press { display: inline-block; padding: 12px 20px; border-radius: 8px; background: #0b4f9e; color: #ffffff; font-weight: 600; text-decoration: none; }
        .foot { margin: 24px 0 0; padding-top: 16px; border-top: 1px solid #dfe2e8; color: #474e5b; }
        @media (prefers-color-scheme: dark) {
          body { background: #0f1216; color: #f2f4f7; }
          main { background: #191d23; border-color: #2b313a; }
          .press { background: #8ab8f5; color: #0b1420; }
          .foot { border-color: #2b313a; color: #b9c0cb; }
        }
        """;

    public MessageContent To(string address) =>
        new(address, Subject, Press is null ? $"{Text}\n\n{Foot}" : $"{Text}\n\n{Press.Sentence}\n{Press.Link}\n\n{Foot}", Html: Html());

    internal string Html() =>
        $"""
            <!doctype html>
            <html lang="{Language.Name}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{Encoded(
                Subject
            )}</title>
            <style>
            {Style}
            </style></head>
            <body><main><h1>{Encoded(Subject)}</h1>
            {string.Join('\n', Paragraphs.Select(p => $"<p>{Encoded(p)}</p>"))}
            {Pressed}
            <p class="foot">{Encoded(Foot)}</p>
            </main></body></html>

            """;

    private string Pressed =>
        Press is null
            ? ""
            : $"<p>{Encoded(Press.Sentence)}</p>\n<p><a class=\"press\" href=\"{Encoded(Press.Link)}\">{Encoded(Press.Label)}</a></p>";

    private IEnumerable<string> Paragraphs =>
        Text.ReplaceLineEndings("\n").Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string Encoded(string text) => WebUtility.HtmlEncode(text);
}

/// <summary>A link with the sentence that says what it is for.</summary>
internal sealed record LetterPress(string Sentence, string Label, string Link);
