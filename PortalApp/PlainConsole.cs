using Microsoft.Extensions.Logging.Console;

namespace PortalApp;

/// <summary>The log: plain lines on the console, one for each event.</summary>
internal static class PlainConsole
{
    /// <param name="serving">False until the portal listens: what stops its start is told once, in one line, by <see cref="Program"/>.</param>
    public static void AddPlainConsole(this ILoggingBuilder logging, Func<bool> serving) =>
        logging
            .ClearProviders()
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.ColorBehavior = LoggerColorBehavior.Disabled;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
            })
            // A request's line would carry its query, and so a person's name.
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            .AddFilter("Microsoft.EntityFrameworkCore", LogLevel.Warning)
            .AddFilter(
                "Microsoft.AspNetCore.Server.Kestrel",
                level => level >= LogLevel.Warning && (serving() || level < LogLevel.Critical)
            )
            .AddFilter(
                "Microsoft.Extensions.Hosting.Internal.Host",
                level => level >= LogLevel.Information && (serving() || level < LogLevel.Error)
            );

    /// <summary>For commands, whose answer alone is on stdout.</summary>
    public static void OnStandardError(this ILoggingBuilder logging)
    {
        logging.AddFilter(level => level >= LogLevel.Error);
        logging.AddFilter("Microsoft.AspNetCore", LogLevel.Error);
        // What the database refuses is told in the one line that the command ends with.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    }
}
