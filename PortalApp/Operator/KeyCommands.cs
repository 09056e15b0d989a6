using System.CommandLine;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Secrets;

namespace PortalApp.Operator;

internal static class KeyCommands
{
    public static Command Key()
    {
        var rotate = new Command(
            "rotate",
            "Make another master key and wrap everything by it, while portals run; started again, it goes on where it was."
        );
        rotate.Does(async call =>
        {
            var number = await call.Get<MasterKeyRotation>().RotateAsync(call.By, call.Cancellation);
            call.Output.WriteLine(
                $"Everything is wrapped by master key {number}: put its file into your backup. A running portal deletes the old one after an hour."
            );
            return null;
        });
        return new Command("key", "The key that wraps all others.") { rotate };
    }

    public static Command OfTenant()
    {
        var tenant = TenantCommands.TenantOption();
        var rotate = new Command(
            "rotate-key",
            "Make another key for a tenant's requests; agents take it by their next hello, and the old one ends after ten minutes."
        )
        {
            tenant,
        };
        rotate.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            var outcome = await call.ChangeAsync(db => call.Get<TenantKeys>().RotateAsync(db, id, call.By, call.Cancellation));
            if (outcome is ChangeOutcome<int>.Done(var generation))
            {
                call.Output.WriteLine(generation);
            }

            return CommandRefusal.Of(outcome, CommandCall.NoTenant(id));
        });
        return rotate;
    }
}
