using System.Net.Sockets;
using Microsoft.Data.Sqlite;
using PortalApp.Data;
using PortalApp.Operator;

namespace PortalApp;

/// <summary>Without arguments the portal serves; with arguments it carries out one command of the operator on the same database.</summary>
internal static class Program
{
    internal const int CannotStart = 1;
    internal const int WrongConfiguration = 2;

    private static async Task<int> Main(string[] args)
    {
        try
        {
            if (args.Length > 0 && !args[0].StartsWith('-'))
            {
                return await OperatorCommands.RunAsync(args);
            }

            await using var app = PortalProgram.Build(args);
            await PortalProgram.PrepareAsync(app.Services);
            await app.RunAsync();
            return 0;
        }
        catch (ConfigurationException e)
        {
            e.Errors.ToList().ForEach(Console.Error.WriteLine);
            return WrongConfiguration;
        }
        catch (Exception e) when (OneLine(e) is { } line)
        {
            await Console.Error.WriteLineAsync(line);
            return CannotStart;
        }
    }

    private static string? OneLine(Exception e) =>
        e switch
        {
            StartupException => e.Message,
            SqliteException { SqliteErrorCode: 5 or 6 } => "The database is locked by another program; stop it, or wait, and start again.",
            SqliteException { SqliteErrorCode: 13 } => "The disk is full; make room in Portal:DataDirectory and start again.",
            SqliteException { SqliteErrorCode: 14 } =>
                "The database cannot be opened; check that Portal:DataDirectory exists and may be written.",
            UnauthorizedAccessException => e.Message,
            IOException { InnerException: SocketException or { InnerException: SocketException } } =>
                $"{e.Message} Another program has it; change Urls.",
            IOException => e.Message,
            _ => null,
        };
}
