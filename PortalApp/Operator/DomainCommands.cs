using System.CommandLine;
using Portal.Tenants;
using PortalApp.SignIn.Passwords;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class DomainCommands
{
    public static Command Domain() =>
        new("domain", "Domains of the tenants.") { Add(), Claim(), Prove(), Claims(), Set(), ProviderCommands.Provider() };

    private static Command Add()
    {
        var (name, tenant, management) = (Name(), TenantCommands.TenantOption(), Management());
        var add = new Command("add", "Give a domain to a tenant, on the operator's word that it is the tenant's.")
        {
            name,
            tenant,
            management,
        };
        add.Does(async call =>
        {
            var owner = new TenantId(call.Typed.GetRequiredValue(tenant));
            var (typed, lives) = (call.Typed.GetRequiredValue(name), call.Typed.GetRequiredValue(management));
            var outcome = await call.ChangeAsync(db =>
                call.Get<DomainStore>().AddAsync(db, owner, typed, lives, call.By, call.Cancellation)
            );
            return CommandRefusal.Of(outcome, CommandCall.NoTenant(owner));
        });
        return add;
    }

    private static Command Claim()
    {
        var (name, tenant, management) = (Name(), TenantCommands.TenantOption(), Management());
        var claim = new Command("claim", "Begin the proof of a domain by its DNS; prints where the TXT record stands and what it says.")
        {
            name,
            tenant,
            management,
        };
        claim.Does(async call =>
        {
            var owner = new TenantId(call.Typed.GetRequiredValue(tenant));
            var (typed, lives) = (call.Typed.GetRequiredValue(name), call.Typed.GetRequiredValue(management));
            if (await call.Get<TenantStore>().FindAsync(owner, call.Cancellation) is null)
            {
                return new(CommandCall.NoTenant(owner));
            }

            var outcome = await call.Get<DomainClaims>().AddAsync(owner, typed, lives, call.By, call.Cancellation);
            if (outcome is Audit.ChangeOutcome<DomainClaim>.Done(var made))
            {
                call.PrintRow(made.RecordName, made.RecordText);
            }

            return CommandRefusal.Of(outcome);
        });
        return claim;
    }

    private static Command Prove()
    {
        var (name, tenant) = (Name(), TenantCommands.TenantOption());
        var prove = new Command("prove", "Look for the TXT record of a claimed domain; from then on it is the tenant's.") { name, tenant };
        prove.Does(async call =>
        {
            var (typed, owner) = (call.Typed.GetRequiredValue(name), new TenantId(call.Typed.GetRequiredValue(tenant)));
            var outcome = await call.Get<DomainClaims>().ProveAsync(owner, DomainName.TryParse(typed) ?? "", call.By, call.Cancellation);
            return CommandRefusal.Of(outcome, $"Tenant {owner} has not claimed {typed}; see: domain claims.");
        });
        return prove;
    }

    private static Command Claims()
    {
        var tenant = TenantCommands.TenantOption();
        var claims = new Command("claims", "List the domains that a tenant has claimed and not proved: name, record, its text, since when.")
        {
            tenant,
        };
        claims.Does(
            tenant,
            async (call, id) =>
            {
                foreach (var claim in await call.Get<DomainClaims>().ListAsync(id, call.Cancellation))
                {
                    call.PrintRow(claim.Name, claim.RecordName, claim.RecordText, $"{claim.At:O}");
                }
            }
        );
        return claims;
    }

    private static Command Set()
    {
        var (name, tenant, management) = (Name(), TenantCommands.TenantOption(), Management());
        var set = new Command("set", "Let the passwords of a domain live elsewhere; its people sign in anew.") { name, tenant, management };
        set.Does(async call =>
        {
            var (typed, owner) = (call.Typed.GetRequiredValue(name), new TenantId(call.Typed.GetRequiredValue(tenant)));
            var outcome = await call.Get<PasswordManagementChange>()
                .SetAsync(owner, typed, call.Typed.GetRequiredValue(management), call.By, seen: null, call.Cancellation);
            return CommandRefusal.Of(outcome, $"Tenant {owner} has no domain {typed}; see: tenant list.");
        });
        return set;
    }

    private static Argument<string> Name() => new("domain") { Description = "What stands behind the @ of a user id." };

    private static Option<PasswordManagement> Management()
    {
        var management = new Option<PasswordManagement>("--password-management")
        {
            Description = "Where its passwords live.",
            Required = true,
        };
        management.AcceptOnlyFromAmong(Enum.GetNames<PasswordManagement>());
        return management;
    }
}
