using System.Globalization;
using System.Text;
using System.Text.Json;
using Portal.Policy;

namespace PortalApp.Passwords.Rules;

/// <summary>
/// Of how many pieces a password is made, each a thing that is tried first: a common password, a known word, a row of keys, the same again, or
/// any one character. Look-alikes count as what they look like. Pure, and of bounded work whatever is typed.
/// </summary>
internal static class Guessing
{
    /// <summary>With fewer it is built in no time; as Microsoft Entra's password protection counts.</summary>
    public const int PiecesNeeded = 5;

    /// <summary>The list is in the order of use; what comes later is as rare as a word.</summary>
    private const int CommonOnes = 20_000;

    private const int ShortestWord = 4;
    private const int LongestWord = 32;
    private const int ShortestRow = 3;

    /// <summary>What is looked at: normalised, a sign can become eighteen.</summary>
    private const int Longest = NewPassword.MaxLength;

    private static readonly HashSet<string> Common = Read();
    private static readonly string[] Rows =
    [
        .. new[]
        {
            "`1234567890-=",
            "01234567890",
            "qwertyuiop[]",
            "asdfghjkl;'",
            "zxcvbnm,./",
            "qwertzuiop",
            "yxcvbnm",
            "azertyuiop",
            "qsdfghjklm",
            "wxcvbn",
            "abcdefghijklmnopqrstuvwxyz",
            "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        }.SelectMany(row => new[] { row, string.Concat(row.Reverse()) }),
    ];

    /// <param name="words">Beside the common passwords: the organisation's name, and what it banned; as <see cref="LooksOf"/> writes them.</param>
    public static int PiecesOf(string typed, IReadOnlyCollection<string> words)
    {
        var plain = WithShortRuns(PlainOf(typed));
        plain = plain[..Math.Min(plain.Length, Longest)];
        var period = PeriodOf(plain);
        var (once, again) = period < plain.Length ? (plain[..period], 1) : (plain, 0);
        var looks = LooksOf(once);
        var pieces = new int[once.Length + 1];
        for (var end = 1; end <= once.Length; end++)
        {
            pieces[end] = pieces[end - 1] + 1;
            for (var length = ShortestRow; length <= Math.Min(end, LongestWord); length++)
            {
                if (pieces[end - length] + 1 < pieces[end] && IsKnown(once, looks, end - length, length, words))
                {
                    pieces[end] = pieces[end - length] + 1;
                }
            }
        }

        return pieces[^1] + again;
    }

    /// <summary>Small, without marks, and with the letter that a sign stands for.</summary>
    public static string LooksOf(string text) =>
        string.Create(
            PlainOf(text).Length,
            PlainOf(text),
            (to, from) =>
            {
                for (var at = 0; at < from.Length; at++)
                {
                    to[at] = from[at] switch
                    {
                        '@' or '4' or 'а' => 'a',
                        '3' or 'е' => 'e',
                        '1' or '!' or '|' or 'l' or 'і' => 'i',
                        '0' or 'о' => 'o',
                        '5' or '$' => 's',
                        '7' or '+' => 't',
                        'с' => 'c',
                        'р' => 'p',
                        'х' => 'x',
                        'у' => 'y',
                        var other => other,
                    };
                }
            }
        );

    /// <summary>The same sign any more often than makes a row is no more to try.</summary>
    private static string WithShortRuns(string text) =>
        new([.. text.Where((c, at) => at < ShortestRow || text.AsSpan(at - ShortestRow, ShortestRow).ContainsAnyExcept(c))]);

    private static string PlainOf(string text) =>
        new([
            .. text.Normalize(NormalizationForm.FormKD)
                .Where(c => CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark)
                .Select(char.ToLowerInvariant),
        ]);

    private static bool IsKnown(string plain, string looks, int from, int length, IReadOnlyCollection<string> words)
    {
        var part = plain.AsSpan(from, length);
        return IsRow(part)
            || IsYear(part)
            || plain.AsSpan(0, from).Contains(part, StringComparison.Ordinal)
            || (length >= ShortestWord && IsWord(looks.AsSpan(from, length), words));
    }

    private static bool IsWord(ReadOnlySpan<char> looks, IReadOnlyCollection<string> words)
    {
        if (Common.GetAlternateLookup<ReadOnlySpan<char>>().Contains(looks))
        {
            return true;
        }

        foreach (var word in words)
        {
            if (looks.SequenceEqual(word))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsRow(ReadOnlySpan<char> part)
    {
        if (part.IndexOfAnyExcept(part[0]) < 0)
        {
            return true;
        }

        foreach (var row in Rows)
        {
            if (row.AsSpan().Contains(part, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsYear(ReadOnlySpan<char> part) =>
        part is ['1', '9', _, _] or ['2', '0', _, _] && char.IsAsciiDigit(part[2]) && char.IsAsciiDigit(part[3]);

    /// <summary>After how many characters it is only repeated, at least once and at its end perhaps in part; its length where it is not.</summary>
    private static int PeriodOf(string text) =>
        Enumerable
            .Range(1, text.Length / 2)
            .FirstOrDefault(p => text.AsSpan(p).SequenceEqual(text.AsSpan(0, text.Length - p)), text.Length);

    private static HashSet<string> Read()
    {
        using var file = typeof(Guessing).Assembly.GetManifestResourceStream("common-passwords.json")!;
        return [.. JsonSerializer.Deserialize<string[]>(file)!.Take(CommonOnes).Select(LooksOf)];
    }
}
