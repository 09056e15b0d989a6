using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using PortalApp.Data;
using PortalApp.Operator;

namespace PortalApp;

/// <summary>Without arguments the portal serves; with arguments it carries out one command of the operator on the same database.</summary>
internal static class Program
{
    internal const int CannotStart = 1;
    internal const int WrongConfiguration = 2;
    private static readonly string[] Questions = ["--help", "-h", "-?", "--version"];

    private static async Task<int> Main(string[] args)
    {
        try
        {
            if (args.Length > 0 && (!args[0].StartsWith('-') || Questions.Contains(args[0])))
            {
                return await OperatorCommands.RunAsync(args);
            }

            await using var app = PortalProgram.Build(args);
            await PortalProgram.PrepareAsync(app.Services);
            await ListenAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (ConfigurationException e)
        {
            e.Errors.ToList().ForEach(error => Complaint.Write(Complaint.WrongConfiguration, error));
            return WrongConfiguration;
        }
        catch (Exception e) when (OneLine(e) is { } line)
        {
            Complaint.Write(Complaint.CannotStart, line);
            return CannotStart;
        }
    }

    private static async Task ListenAsync(WebApplication app)
    {
        try
        {
            await app.StartAsync();
        }
        catch (Exception e) when (e is InvalidOperationException or FormatException or ArgumentException or CryptographicException)
        {
            await app.StopAsync();
            throw new StartupException($"The portal cannot listen; look at Urls and Kestrel:Certificates. {e.Message}");
        }
        catch
        {
            // What has begun in the background ends before its services do.
            await app.StopAsync();
            throw;
        }
    }

    private static string? OneLine(Exception e) =>
        e switch
        {
            StartupException => e.Message,
            { InnerException: SqliteException inner } => OneLine(inner),
            SqliteException { SqliteErrorCode: 5 or 6 } => "The database is locked by another program; stop it, or wait, and start again.",
            SqliteException { SqliteErrorCode: 8 or 14 } =>
                "Portal:DataDirectory: the database cannot be opened and written; check that the folder is this user's own.",
            SqliteException { SqliteErrorCode: 10 or 13 } =>
                "Portal:DataDirectory: the disk is full or failing; make room there and start again.",
            SqliteException { SqliteErrorCode: 11 or 26 } =>
                "Portal:DataDirectory: portal.db is damaged or no database; bring it back from its backup.",
            SqliteException { SqliteErrorCode: 19 } =>
                "Another command changed the same thing at this moment; look what is there, and try again.",
            UnauthorizedAccessException => e.Message,
            IOException { InnerException: SocketException or { InnerException: SocketException } } =>
                $"{e.Message} Another program has it; change Urls.",
            SocketException => $"The portal cannot listen: {e.Message}. Change Urls.",
            IOException => e.Message,
            InvalidDataException => $"appsettings.json cannot be read: {e.InnerException?.Message ?? e.Message}",
            _ => null,
        };
}
