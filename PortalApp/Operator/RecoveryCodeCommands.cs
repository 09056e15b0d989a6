using System.CommandLine;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;

namespace PortalApp.Operator;

internal static class RecoveryCodeCommands
{
    public static Command Make()
    {
        var name = new Argument<string>("upn") { Description = "The user's sign-in address." };
        var make = new Command(
            "recovery-codes",
            "Print ten codes for a user's resets, one a line, in the place of those before; each works once, and none is shown again."
        )
        {
            name,
        };
        make.Does(async call =>
        {
            var outcome = await call.ChangeAsync(db => MakeAsync(call, db, call.Typed.GetRequiredValue(name)));
            if (outcome is ChangeOutcome<IReadOnlyList<string>>.Done { Value: var codes })
            {
                foreach (var code in codes)
                {
                    call.Output.WriteLine(code);
                }
            }

            return CommandRefusal.Of(outcome);
        });
        return make;
    }

    private static async Task<ChangeOutcome<IReadOnlyList<string>>> MakeAsync(CommandCall call, PortalDb db, string typed) =>
        await UserCommands.FindAsync(call, typed) is var (user, why) && user is null
            ? new ChangeOutcome<IReadOnlyList<string>>.Wrong("", Fault.AsSaid, why)
            : new ChangeOutcome<IReadOnlyList<string>>.Done(
                await call.Get<RecoveryCodeLists>().MakeAsync(db, user, AuthenticatorUse.Reset, call.By, call.Cancellation)
            );
}
