using System.Globalization;

namespace PortalApp.Reports;

internal enum BarStep
{
    Day,
    Week,
    Month,
}

/// <summary>What of a report is looked at, as the address says it. Days are those of UTC.</summary>
/// <param name="Choice">Of <see cref="Report.Choices"/>; null for all.</param>
/// <param name="Why">The name of a reason; null for all.</param>
/// <param name="Complaint">The key of what is wrong with the days that were asked for; the latest thirty are shown then.</param>
internal sealed record ReportQuery(DateOnly From, DateOnly Until, BarStep Step, string? Choice, string? Why, int Page, string? Complaint)
{
    public const int PageSize = 25;
    private const int UsualDays = 30;
    private const int MostBars = 92;
    private const int MostDays = 3 * 366;
    private const int MostPages = 200;
    private const int MaxReason = 60;
    private const string Form = "yyyy-MM-dd";

    public RowWindow Window => new((Page - 1) * PageSize, PageSize);

    public DateTimeOffset Begins => At(From);

    /// <summary>The first instant after it.</summary>
    public DateTimeOffset Ends => At(Until.AddDays(1));

    public static ReportQuery Of(Report report, DateTimeOffset now, ReportAsked asked)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var until = DayOf(asked.Until, today);
        var from = DayOf(asked.From, (until ?? today).AddDays(1 - UsualDays));
        var complaint =
            from is null || until is null ? "NoSuchDay"
            : from > until ? "FromAfterUntil"
            : until.Value.DayNumber - from.Value.DayNumber >= MostDays ? "TooManyDays"
            : null;
        if (complaint is not null)
        {
            (from, until) = (today.AddDays(1 - UsualDays), today);
        }

        return new(
            from!.Value,
            until!.Value,
            StepOf(asked.Step, until.Value.DayNumber - from.Value.DayNumber + 1),
            report.Choices.FirstOrDefault(c => c == asked.Choice),
            asked.Why is { Length: > 0 and <= MaxReason } why && why.All(char.IsAsciiLetterOrDigit) ? why : null,
            Math.Clamp(asked.Page ?? 1, 1, MostPages),
            complaint
        );
    }

    /// <summary>Each bar's first day, and the day after the last.</summary>
    public IReadOnlyList<DateOnly> Edges()
    {
        List<DateOnly> edges = [From];
        while (Next(edges[^1]) is var next && next <= Until)
        {
            edges.Add(next);
        }

        return [.. edges, Until.AddDays(1)];
    }

    public string Address(string report, string extension = "") =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"/desk/reports/{report}{extension}?from={From:yyyy-MM-dd}&until={Until:yyyy-MM-dd}&step={Step}{Part("choice", Choice)}{Part("why", Why)}{(Page > 1 ? $"&page={Page}" : "")}"
        );

    private static string Part(string name, string? value) => value is null ? "" : $"&{name}={Uri.EscapeDataString(value)}";

    private DateOnly Next(DateOnly edge) =>
        Step switch
        {
            BarStep.Month => new DateOnly(edge.Year, edge.Month, 1).AddMonths(1),
            BarStep.Week => edge.AddDays(7 - (((int)edge.DayOfWeek + 6) % 7)),
            _ => edge.AddDays(1),
        };

    /// <summary>As it was asked for, or the next longer that gives no more bars than can be told apart.</summary>
    private static BarStep StepOf(string? asked, int days)
    {
        var wanted = Enum.TryParse<BarStep>(asked, out var step) && Enum.IsDefined(step) ? step : BarStep.Day;
        return wanted == BarStep.Day && days > MostBars ? BarStep.Week : wanted;
    }

    private static DateOnly? DayOf(string? typed, DateOnly unless) =>
        string.IsNullOrEmpty(typed) ? unless
        : DateOnly.TryParseExact(typed, Form, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
        && day.Year is > 2000 and < 9000
            ? day
        : null;

    private static DateTimeOffset At(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);
}

/// <summary>As it stands in the address.</summary>
internal sealed record ReportAsked(string? From, string? Until, string? Step, string? Choice, string? Why, int? Page);
