using System.CommandLine;
using Portal.Tenants;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class DomainCommands
{
    public static Command Domain()
    {
        var name = new Argument<string>("domain") { Description = "What stands behind the @ of a user id." };
        var tenant = TenantCommands.TenantOption();
        var management = new Option<PasswordManagement>("--password-management")
        {
            Description = "Where its passwords live.",
            Required = true,
        };
        management.AcceptOnlyFromAmong(Enum.GetNames<PasswordManagement>());
        var add = new Command("add", "Give a domain to a tenant.") { name, tenant, management };
        add.Does(async call =>
        {
            var owner = new TenantId(call.Typed.GetRequiredValue(tenant));
            var (typed, lives) = (call.Typed.GetRequiredValue(name), call.Typed.GetRequiredValue(management));
            var outcome = await call.ChangeAsync(db =>
                call.Get<DomainStore>().AddAsync(db, owner, typed, lives, call.By, call.Cancellation)
            );
            return CommandRefusal.Of(outcome, CommandCall.NoTenant(owner));
        });
        return new Command("domain", "Verified domains of the tenants.") { add, ProviderCommands.Provider() };
    }
}
