using System.Globalization;
using System.Text;

namespace Portal.Tenants.Names;

/// <summary>
/// RFC 5893 §2 for a text that holds something written from right to left, so that what is read is what is compared: it begins so, ends so or
/// with a digit, and holds no letter of the other direction. A text without is not judged (RFC 8265 §3.3.2).
/// </summary>
internal static class BidiRule
{
    private enum Direction
    {
        Neutral,
        LeftToRight,
        RightToLeft,
        EuropeanDigit,
        ArabicDigit,

        /// <summary>A mark that takes the direction of what it stands on.</summary>
        Mark,
    }

    public static bool Holds(string text)
    {
        var directions = text.EnumerateRunes().Select(Of).ToList();
        if (!directions.Any(d => d is Direction.RightToLeft or Direction.ArabicDigit))
        {
            return true;
        }

        return directions[0] is Direction.RightToLeft
            && !directions.Contains(Direction.LeftToRight)
            && directions.FindLast(d => d is not Direction.Mark)
                is Direction.RightToLeft
                    or Direction.EuropeanDigit
                    or Direction.ArabicDigit
            && !(directions.Contains(Direction.EuropeanDigit) && directions.Contains(Direction.ArabicDigit));
    }

    private static Direction Of(Rune rune) =>
        (Rune.GetUnicodeCategory(rune), rune.Value) switch
        {
            (UnicodeCategory.NonSpacingMark, _) => Direction.Mark,
            (_, (>= '0' and <= '9') or (>= 0x6F0 and <= 0x6F9)) => Direction.EuropeanDigit,
            (_, (>= 0x660 and <= 0x669) or (>= 0x10D30 and <= 0x10D39)) => Direction.ArabicDigit,
            (_, (>= 0x590 and <= 0x8FF) or (>= 0xFB1D and <= 0xFDFF) or (>= 0xFE70 and <= 0xFEFF)) => Direction.RightToLeft,
            (_, (>= 0x10800 and <= 0x10FFF) or (>= 0x1E800 and <= 0x1EFFF)) => Direction.RightToLeft,
            (_, < 0x80) when !char.IsAsciiLetter((char)rune.Value) => Direction.Neutral,
            _ => Direction.LeftToRight,
        };
}
