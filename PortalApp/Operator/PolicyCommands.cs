using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Portal.Tenants;
using PortalApp.Policy;
using PortalApp.Tenants;
using PortalApp.Users.Groups;

namespace PortalApp.Operator;

internal static class PolicyCommands
{
    public static Command Policy() => new("policy", "A tenant's policies, in their order.") { Show(), Publish(), Undo() };

    private static Command Show()
    {
        var tenant = TenantCommands.TenantOption();
        var show = new Command("show", "Print the policies that hold as JSON, as policy publish reads them.") { tenant };
        show.Does(
            tenant,
            async (call, id) =>
            {
                var list = (await call.Get<PolicyStore>().HoldingAsync(id, call.Cancellation)).List;
                var named = await call.Get<GroupStore>().FindAsync(id, [.. list.Groups], call.Cancellation);
                call.Output.WriteLine(PolicyFile.Write(list, named.ToDictionary(g => g.Id, g => g.Name)));
            }
        );
        return show;
    }

    private static Command Publish()
    {
        var tenant = TenantCommands.TenantOption();
        var file = new Argument<FileInfo>("file") { Description = "JSON of policy show." };
        var dry = new Option<bool>("--dry-run") { Description = "Say what it changes, and change nothing." };
        var weaker = new Option<bool>("--weaker")
        {
            Description = "Also where less proof is asked of somebody, or nobody could reset a password.",
        };
        var publish = new Command("publish", "Put the policies of a file in force.") { tenant, file, dry, weaker };
        publish.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            if (await call.Get<TenantStore>().FindAsync(id, call.Cancellation) is null)
            {
                return new(CommandCall.NoTenant(id));
            }

            var (read, why) = await ReadAsync(call, id, call.Typed.GetRequiredValue(file));
            return read is null ? new(why) : await PublishAsync(call, id, read, call.Typed.GetValue(dry), call.Typed.GetValue(weaker));
        });
        return publish;
    }

    private static Command Undo()
    {
        var tenant = TenantCommands.TenantOption();
        var undo = new Command("undo", "What held before the newest version holds again, as a version of its own.") { tenant };
        undo.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            if (await call.Get<TenantStore>().FindAsync(id, call.Cancellation) is null)
            {
                return new(CommandCall.NoTenant(id));
            }

            var store = call.Get<PolicyStore>();
            var held = await store.HoldingAsync(id, call.Cancellation);
            return CommandRefusal.Of(
                await store.UndoAsync(id, call.By, held.Number, call.Cancellation),
                "Nothing held before the first version."
            );
        });
        return undo;
    }

    private static async Task<CommandRefusal?> PublishAsync(CommandCall call, TenantId id, PolicyList list, bool isDry, bool mayBeWeaker)
    {
        var store = call.Get<PolicyStore>();
        var held = await store.HoldingAsync(id, call.Cancellation);
        var effect = await call.Get<PolicyEffects>().OfAsync(id, held.List, list, call.Cancellation);
        call.Output.WriteLine($"- {held.List}");
        call.Output.WriteLine($"+ {list}");
        call.Output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Changes {effect.Changed} of {effect.All} people: {effect.Lost.Count} can no longer reset, {effect.Gained.Count} can from then on, {effect.Otherwise.Count} see something else."
            )
        );
        if (isDry)
        {
            return null;
        }

        var isWeaker = effect.Weaker > 0 || effect.LocksOutEverybody || list.IsWeakerThan(held.List);
        return isWeaker && !mayBeWeaker
            ? new(
                effect.LocksOutEverybody
                    ? "Nobody could reset a password; if that is meant: --weaker."
                    : "Less proof would be asked; if that is meant: --weaker."
            )
            : CommandRefusal.Of(await store.PublishAsync(id, list, call.By, held.Number, call.Cancellation));
    }

    private static async Task<(PolicyList? List, string Why)> ReadAsync(CommandCall call, TenantId id, FileInfo file)
    {
        if (!file.Exists)
        {
            return (null, $"There is no file {file.Name}.");
        }

        var groups = await call.Get<GroupStore>().ListAsync(id, call.Cancellation);
        return PolicyFile.Read(await File.ReadAllTextAsync(file.FullName, call.Cancellation), groups) switch
        {
            PolicyFileReading.Read(var list) => (list, ""),
            PolicyFileReading.Wrong(var fault, var what) => (null, Sentence(fault, what)),
            _ => throw new UnreachableException(),
        };
    }

    private static string Sentence(PolicyFileFault fault, string what) =>
        fault switch
        {
            PolicyFileFault.NotJson => $"The file does not read as policies, at {what}.",
            PolicyFileFault.OtherVersion => $"The file is of version {what}, which this portal does not know.",
            PolicyFileFault.UnknownGroup => $"The tenant has no group {what}.",
            PolicyFileFault.GroupOfTwo => $"The tenant has more than one group {what}.",
            PolicyFileFault.UnknownMethod => $"There is no method {what}.",
            PolicyFileFault.UnknownHelp => $"There is no rule of help {what}.",
            PolicyFileFault.UnknownAudience => $"forWhom is Nobody, Groups or Everyone, and not {what}.",
            _ => throw new UnreachableException(),
        };
}
