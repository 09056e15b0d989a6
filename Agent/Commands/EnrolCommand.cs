using System.CommandLine;
using System.Diagnostics;
using Agent.Certificates;
using Agent.Enrolment;
using Agent.Portal;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Commands;

internal static class EnrolCommand
{
    public static Command Create()
    {
        var portal = new Option<string>("--portal") { Description = "The portal's origin, https://….", Required = true };
        var code = new Option<string>("--code") { Description = "From the portal's host: agent code.", Required = true };
        var name = new Option<string>("--name")
        {
            Description = "How the portal lists this agent.",
            DefaultValueFactory = _ => Environment.MachineName,
        };
        var data = CommandFolder.Option();
        var enrol = new Command("enrol", "Make this agent's keys and enrol it at the portal.") { portal, code, name, data };
        enrol.SetAction(
            (parsed, cancellation) =>
                RunAsync(
                    CommandFolder.PathOf(parsed, data),
                    parsed.GetRequiredValue(portal).TrimEnd('/'),
                    parsed.GetRequiredValue(code),
                    parsed.GetRequiredValue(name),
                    cancellation
                )
        );
        return enrol;
    }

    private static async Task<int> RunAsync(string folder, string origin, string code, string name, CancellationToken cancellation)
    {
        if (CommandFolder.RefuseOthers(folder) is { } refused)
        {
            return refused;
        }

        if (CommandFolder.ReadOptions(folder) is not { } options)
        {
            return CommandFolder.WrongConfiguration;
        }

        if (!string.Equals(origin, options.Portal, StringComparison.OrdinalIgnoreCase))
        {
            return CommandFolder.Refuse(
                $"portal: {AgentOptionsFile.Name} names {options.Portal}, --portal names {origin}; they must be the same.",
                CommandFolder.WrongConfiguration
            );
        }

        await using var services = new ServiceCollection()
            .AddSingleton(TimeProvider.System)
            .AddPortalHttp(options.Portal, CertificateBundle.Read(options.PortalCa))
            .AddLogging()
            .AddEnrolment(folder)
            .BuildServiceProvider();
        switch (await services.GetRequiredService<AgentEnrolment>().EnrolAsync(options.Portal, code, name, cancellation))
        {
            case EnrolmentOutcome.Enrolled enrolled:
                Console.WriteLine($"Enrolled as {enrolled.AgentId} of {enrolled.TenantName}.");
                Console.WriteLine($"Fingerprint: {enrolled.Fingerprint} (the portal must show the same: agent list)");
                WarnOfKeyFile(services.GetRequiredService<IdentityStore>());
                return 0;
            case EnrolmentOutcome.Refused(var sentence):
                return CommandFolder.Refuse(sentence);
            case EnrolmentOutcome.Unsure(var sentence):
                return CommandFolder.Refuse(
                    $"{sentence} The portal may have taken this agent in: its keys are kept, so run the same command again, with the same code."
                );
            default:
                throw new UnreachableException();
        }
    }

    private static void WarnOfKeyFile(IdentityStore store)
    {
        if (IdentityStore.KeysAreInAFile)
        {
            Console.Error.WriteLine(
                $"Warning: only its mode protects {store.KeysFile}. Better: systemd-creds encrypt --name={IdentityStore.KeysName} it, load it by LoadCredentialEncrypted=, and delete the file."
            );
        }
    }
}
