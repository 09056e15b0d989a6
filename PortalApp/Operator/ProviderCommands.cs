using System.CommandLine;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.SignIn.Providers;

namespace PortalApp.Operator;

/// <summary>At which OpenID Connect provider the people of a domain sign in.</summary>
internal static class ProviderCommands
{
    /// <summary>In the place of a file. Never the secret itself: that would lie in the list of processes and in the shell's history.</summary>
    private const string StandardInput = "-";

    public static Command Provider() => new("provider", "Where the people of a Federated domain sign in.") { Set(), Remove(), Unlink() };

    private static Command Set()
    {
        var (domain, tenant) = (Domain(), TenantCommands.TenantOption());
        var issuer = new Option<string>("--issuer")
        {
            Description = "The provider's name as its metadata have it, such as https://adfs.corp.example/adfs.",
            Required = true,
        };
        var client = new Option<string>("--client-id") { Description = "As which the provider knows this portal.", Required = true };
        var secret = new Option<string>("--secret-file")
        {
            Description = "The file that holds the client's secret alone; - reads it from standard input.",
            HelpName = "file",
            Required = true,
        };
        var untried = new Option<bool>("--untried")
        {
            Description = "It holds at once, though nobody has signed in there: for a script that sets up what is known to work.",
        };
        var set = new Command(
            "set",
            "Write down at which provider the people of a domain sign in. It is asked for its metadata; an administrator tries it before it holds."
        )
        {
            domain,
            tenant,
            issuer,
            client,
            secret,
            untried,
        };
        set.Does(async call =>
        {
            string kept;
            try
            {
                kept = await ReadAsync(call.Typed.GetRequiredValue(secret), call.Cancellation);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return new($"{secret.Name}: {e.Message}");
            }

            var (name, owner) = (call.Typed.GetRequiredValue(domain), new TenantId(call.Typed.GetRequiredValue(tenant)));
            var change = new ProviderChange(call.Typed.GetRequiredValue(issuer), call.Typed.GetRequiredValue(client), kept);
            if (call.Typed.GetValue(untried))
            {
                var set = await call.Get<ProviderStore>().SetAsync(owner, name, change, call.By, call.Cancellation);
                return CommandRefusal.Of(set, NoDomain(name, owner));
            }

            var begun = await call.Get<ProviderTrials>().BeginAsync(owner, null, name, change, call.Cancellation);
            if (begun is ChangeOutcome<ProviderTrial>.Done { Value: var trial })
            {
                call.Output.WriteLine($"{call.Get<IOptions<PortalOptions>>().Value.Origin}/desk/domains/{trial.Domain}/provider");
                call.Warn("It holds for nobody yet: an administrator tries it there within an hour, and lets it hold.");
            }

            return CommandRefusal.Of(begun, NoDomain(name, owner));
        });
        return set;
    }

    private static Command Remove()
    {
        var (domain, tenant) = (Domain(), TenantCommands.TenantOption());
        var remove = new Command("remove", "Take a domain's provider away, and forget which account there is whose.") { domain, tenant };
        remove.Does(async call =>
        {
            var (name, owner) = (call.Typed.GetRequiredValue(domain), new TenantId(call.Typed.GetRequiredValue(tenant)));
            var outcome = await call.Get<ProviderStore>().RemoveAsync(owner, name, call.By, call.Cancellation);
            return CommandRefusal.Of(outcome, NoDomain(name, owner));
        });
        return remove;
    }

    private static Command Unlink()
    {
        var name = new Argument<string>("name") { Description = "The sign-in address of somebody whose account there was made anew." };
        var tenant = TenantCommands.TenantOption();
        var unlink = new Command("unlink", "Forget which account there is somebody's; their next sign-in links it by its name.")
        {
            name,
            tenant,
        };
        unlink.Does(async call =>
        {
            var (typed, owner) = (call.Typed.GetRequiredValue(name), new TenantId(call.Typed.GetRequiredValue(tenant)));
            if (UserPrincipalName.TryParse(typed) is not { } person)
            {
                return new($"{typed} is no sign-in address.");
            }

            var outcome = await call.ChangeAsync(db =>
                call.Get<ProviderStore>().UnlinkAsync(db, owner, person, call.By, call.Cancellation)
            );
            return CommandRefusal.Of(outcome, $"Tenant {owner} has no user {person}.");
        });
        return unlink;
    }

    private static Argument<string> Domain() => new("domain") { Description = "What stands behind the @ of a user id." };

    private static string NoDomain(string name, TenantId tenant) => $"Tenant {tenant} has no domain {name}; see: tenant list.";

    /// <summary>Without the line's end that an editor or echo leaves.</summary>
    private static async Task<string> ReadAsync(string file, CancellationToken cancellation) =>
        (file == StandardInput ? await Console.In.ReadToEndAsync(cancellation) : await File.ReadAllTextAsync(file, cancellation)).TrimEnd(
            '\r',
            '\n'
        );
}
