using System.Globalization;
using System.Net.Sockets;
using System.Security.Cryptography;
using PortalApp.Data;
using PortalApp.Layout.Languages;
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
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = (
            CultureInfo.CurrentCulture,
            CultureInfo.CurrentUICulture
        ) = (ShippedLanguages.Standard, ShippedLanguages.Standard);
        try
        {
            if (args.Length > 0 && (!args[0].StartsWith('-') || Questions.Contains(args[0])))
            {
                return await OperatorCommands.RunAsync(args, Console.Out, Console.Error, []);
            }

            await using var app = PortalProgram.Build(args);
            await PortalProgram.PrepareAsync(app.Services);
            await ListenAsync(app);
            await app.WaitForShutdownAsync();
            return 0;
        }
        catch (ConfigurationException e)
        {
            e.Errors.ToList().ForEach(error => Complaint.Write(Console.Error, Complaint.WrongConfiguration, error));
            return WrongConfiguration;
        }
        catch (Exception e) when (OneLine(e) is { } line)
        {
            Complaint.Write(Console.Error, Complaint.CannotStart, line);
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
            _ when DatabaseFault.Sentence(e) is { } sentence => sentence,
            UnauthorizedAccessException => e.Message,
            IOException { InnerException: SocketException or { InnerException: SocketException } } =>
                $"{e.Message} Another program has it; change Urls.",
            SocketException => $"The portal cannot listen: {e.Message}. Change Urls.",
            IOException => e.Message,
            InvalidDataException => $"appsettings.json cannot be read: {e.InnerException?.Message ?? e.Message}",
            _ => null,
        };
}
