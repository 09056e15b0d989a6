using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.SignIn.Invitations;
using PortalApp.SignIn.Providers;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Operator;

/// <summary>Who may use the desk: somebody must be able to sign in before any agent runs.</summary>
internal static class AdminCommands
{
    public static Command Admin() => new("admin", "Who administers a tenant.") { Invite() };

    private static Command Invite()
    {
        var name = new Argument<string>("name")
        {
            Description =
                "Such as anna; or the whole sign-in address, in a domain of the tenant whose passwords live in the portal, or that has a provider.",
        };
        var tenant = TenantCommands.TenantOption();
        var role = new Option<string>("--role")
        {
            Description = "What they may do.",
            DefaultValueFactory = _ => nameof(Role.Administrator),
        };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        var invite = new Command("invite", "Print a link by which somebody sets up how they sign in; it works once, for an hour.")
        {
            name,
            tenant,
            role,
        };
        invite.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            var outcome = await call.ChangeAsync(db =>
                InviteAsync(call, db, id, call.Typed.GetRequiredValue(name), Enum.Parse<Role>(call.Typed.GetRequiredValue(role)))
            );
            if (outcome is ChangeOutcome<string>.Done { Value: var link })
            {
                call.Output.WriteLine(link);
            }

            return CommandRefusal.Of(outcome, CommandCall.NoTenant(id));
        });
        return invite;
    }

    private static async Task<ChangeOutcome<string>> InviteAsync(CommandCall call, PortalDb db, TenantId tenant, string typed, Role role)
    {
        if (await call.Get<TenantStore>().FindAsync(tenant, call.Cancellation) is null)
        {
            return new ChangeOutcome<string>.NotThere();
        }

        var address = typed.Contains('@', StringComparison.Ordinal) ? typed : $"{typed}@{await DeskDomainAsync(call, db, tenant)}";
        if (UserPrincipalName.TryParse(address) is not { } name)
        {
            return new ChangeOutcome<string>.Wrong("", Fault.AsSaid, $"{address} is no sign-in address.");
        }

        var users = call.Get<UserStore>();
        var user = await db.Set<User>()
            .SingleOrDefaultAsync(u => u.Tenant == tenant && u.UserPrincipalName == name.Value && u.GoneAt == null, call.Cancellation);
        if (user is null)
        {
            var added = await users.AddAsync(db, tenant, name, call.By, call.Cancellation);
            if (added is not ChangeOutcome<User>.Done { Value: var made })
            {
                return added.Refused<string>();
            }

            await db.SaveChangesAsync(call.Cancellation);
            user = made;
        }
        else if (user.Connector is not null && !await db.Set<DomainProvider>().AnyAsync(p => p.Domain == user.Domain, call.Cancellation))
        {
            return new ChangeOutcome<string>.Wrong(
                "",
                Fault.AsSaid,
                $"{name} comes from a directory and signs in there; give a role with: user role."
            );
        }

        var given = await users.SetRoleAsync(db, tenant, user.Id, role, call.By, call.Cancellation);
        return given is ChangeOutcome<User>.Done
            ? new ChangeOutcome<string>.Done(await call.Get<InvitationStore>().InviteAsync(db, user, call.By, call.Cancellation))
            : given.Refused<string>();
    }

    /// <summary>Of the tenant's own desk accounts, which no directory has; made with the first of them.</summary>
    private static async Task<string> DeskDomainAsync(CommandCall call, PortalDb db, TenantId tenant)
    {
        var name = $"desk-{tenant}.{new Uri(call.Get<IOptions<PortalOptions>>().Value.Origin).IdnHost}";
        if (!await db.Set<Domain>().AnyAsync(d => d.Name == name, call.Cancellation))
        {
            await call.Get<DomainStore>().AddAsync(db, tenant, name, PasswordManagement.CloudOnly, call.By, call.Cancellation);
            await db.SaveChangesAsync(call.Cancellation);
        }

        return name;
    }
}
