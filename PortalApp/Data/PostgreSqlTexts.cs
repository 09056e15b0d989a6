using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PortalApp.Data;

/// <summary>
/// PostgreSQL's texts hold neither U+0000 nor half a surrogate pair, SQLite's do. There both become U+FFFD, so that what a stranger makes up is
/// unknown to both databases, and a fault to none (H42).
/// </summary>
internal sealed class PostgreSqlTexts : DbCommandInterceptor
{
    public static readonly PostgreSqlTexts Instance = new();

    public override DbCommand CommandInitialized(CommandEndEventData eventData, DbCommand result)
    {
        foreach (DbParameter parameter in result.Parameters)
        {
            parameter.Value = parameter.Value switch
            {
                string text => Fit(text),
                IEnumerable<string?> texts when texts.Any(t => t is not null && !Fits(t)) => texts
                    .Select(t => t is null ? null : Fit(t))
                    .ToArray(),
                var other => other,
            };
        }

        return result;
    }

    private static bool Fits(string text) => !text.Contains('\0') && text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') < 0;

    private static string Fit(string text)
    {
        if (Fits(text))
        {
            return text;
        }

        var fit = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            fit.Append(rune.Value == 0 ? Rune.ReplacementChar : rune);
        }

        return fit.ToString();
    }
}
