using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Layout.Languages;
using PortalApp.Policy;
using PortalApp.Registration;
using PortalApp.Tenants;

namespace PortalApp.Operator;

internal static class TenantCommands
{
    internal static Option<int> TenantOption() => new("--tenant") { Description = "The tenant's number.", Required = true };

    public static Command Tenant()
    {
        var list = new Command("list", "List the tenants.");
        list.Does(ListAsync);
        return new Command("tenant", "Organisations that use the portal.")
        {
            Add(),
            Set(),
            KeyCommands.OfTenant(),
            RelayCommands.Relay(),
            list,
        };
    }

    private static Command Add()
    {
        var name = new Argument<string>("name") { Description = "As people read it above each page." };
        var phone = Phone(required: true);
        var (email, gates, users) = (Email(), Gates(), MaxUsers());
        var add = new Command("add", "Add a tenant; prints its number.") { name, phone, email, gates, users };
        add.Does(async call =>
        {
            var typed = call.Typed;
            var values = new TenantChange(
                typed.GetRequiredValue(name),
                typed.GetRequiredValue(phone),
                typed.GetValue(email),
                null,
                typed.GetValue(users)
            );
            var outcome = await call.ChangeAsync(async db =>
                await WithGatesAsync(
                    call,
                    db,
                    await call.Get<TenantStore>().AddAsync(db, values, call.By, call.Cancellation),
                    typed.GetValue(gates)
                )
            );
            if (outcome is ChangeOutcome<Tenant>.Done { Value.Id: var id })
            {
                call.Output.WriteLine(id);
                await WarnOfGatesAsync(call, id, typed.GetValue(gates));
            }

            return CommandRefusal.Of(outcome);
        });
        return add;
    }

    private static Command Set()
    {
        var tenant = TenantOption();
        var name = new Option<string?>("--name") { Description = "As people read it above each page." };
        var reset = new Option<string?>("--reset")
        {
            Description = "Whether the tenant's people may reset passwords here; closed works at once.",
        };
        reset.AcceptOnlyFromAmong("open", "closed");
        var language = new Option<string?>("--language") { Description = "Of those who chose none, nor whose browser did." };
        language.AcceptOnlyFromAmong([.. ShippedLanguages.All.Select(l => l.Name)]);
        var sender = new Option<string?>("--sender-name")
        {
            Description = "As whom mails come, before the portal's address; \"\" removes it.",
        };
        var audit = new Option<int?>("--audit-days")
        {
            Description =
                $"Days that the audit is kept, {TenantChangeValidator.LeastAuditDays} to {TenantChangeValidator.MostAuditDays}; 0: for good.",
        };
        var (phone, email, gates, users, registration) = (Phone(required: false), Email(), Gates(), MaxUsers(), new RegistrationOptions());
        var countries = new Option<string?>("--phone-countries")
        {
            Description = "Whose numbers are texted and called, such as NL,BE; \"\": the helpdesk's and those of three people or more.",
        };
        var networks = new Option<string?>("--networks")
        {
            Description = "Of its offices, whose people share a few addresses, such as 203.0.113.0/24,198.51.100.7; \"\" removes them.",
        };
        var set = new Command("set", "Change what an operator holds of a tenant.")
        {
            tenant,
            name,
            phone,
            email,
            gates,
            users,
            reset,
            language,
            sender,
            audit,
            countries,
            networks,
        };
        foreach (var option in registration.All)
        {
            set.Options.Add(option);
        }

        set.Does(call =>
            SetAsync(
                call,
                new(call.Typed.GetRequiredValue(tenant)),
                new TenantChange(
                    call.Typed.GetValue(name),
                    call.Typed.GetValue(phone),
                    call.Typed.GetValue(email),
                    call.Typed.GetValue(reset) is { } told ? told == "open" : null,
                    call.Typed.GetValue(users),
                    call.Typed.GetValue(language),
                    call.Typed.GetValue(sender),
                    call.Typed.GetValue(audit),
                    call.Typed.GetValue(countries),
                    call.Typed.GetValue(networks)
                ),
                call.Typed.GetValue(gates),
                registration.Read(call)
            )
        );
        return set;
    }

    private static Option<string> Phone(bool required) =>
        new("--helpdesk-phone") { Description = "Such as \"+31 201234567\"; shown on every refusal.", Required = required };

    private static Option<string?> Email() => new("--helpdesk-email") { Description = "Shown beside the phone number; \"\" removes it." };

    private static Option<int?> Gates() => new("--gates") { Description = "Verifications that a reset asks for, 1 or 2." };

    private static Option<int?> MaxUsers() =>
        new("--max-users")
        {
            Description =
                $"Whom the directories may bring, those who are gone included; {PortalApp.Tenants.Tenant.DefaultMaxUsers} unless it is told.",
        };

    private static async Task<CommandRefusal?> SetAsync(
        CommandCall call,
        TenantId tenant,
        TenantChange change,
        int? gates,
        RegistrationChange asked
    )
    {
        if (change.Told.Length == 0 && gates is null && asked.IsNothing)
        {
            return new("There is nothing to set; see: tenant set --help.");
        }

        var outcome = await call.ChangeAsync(async db =>
            await WithRegistrationAsync(
                call,
                db,
                await WithGatesAsync(
                    call,
                    db,
                    await call.Get<TenantStore>().SetAsync(db, tenant, change, call.By, seen: null, call.Cancellation),
                    gates
                ),
                asked
            )
        );
        if (outcome is ChangeOutcome<Tenant>.Done)
        {
            await WarnOfGatesAsync(call, tenant, gates);
        }

        return CommandRefusal.Of(outcome, CommandCall.NoTenant(tenant));
    }

    /// <summary>Also publishes a policy with that many gates, where another number holds.</summary>
    private static async Task<ChangeOutcome<Tenant>> WithGatesAsync(
        CommandCall call,
        PortalDb db,
        ChangeOutcome<Tenant> changed,
        int? gates
    )
    {
        if (gates is not { } asked || changed is not ChangeOutcome<Tenant>.Done { Value.Id: var tenant })
        {
            return changed;
        }

        var held = await PolicyStore.HoldingAsync(db, tenant, call.Cancellation);
        if (held.Terms.Gates == asked)
        {
            return changed;
        }

        var published = await call.Get<PolicyStore>()
            .PublishAsync(db, tenant, held.Terms with { Gates = asked }, call.By, held.Number, call.Cancellation);
        return published is ChangeOutcome<PolicyVersion>.Done ? changed : published.Refused<Tenant>();
    }

    private static async Task<ChangeOutcome<Tenant>> WithRegistrationAsync(
        CommandCall call,
        PortalDb db,
        ChangeOutcome<Tenant> changed,
        RegistrationChange asked
    )
    {
        if (asked.IsNothing || changed is not ChangeOutcome<Tenant>.Done { Value.Id: var tenant })
        {
            return changed;
        }

        var set = await call.Get<RegistrationTermsStore>().SetAsync(db, tenant, asked, call.By, call.Cancellation);
        return set is ChangeOutcome<RegistrationTerms>.Done ? changed : set.Refused<Tenant>();
    }

    private static async Task WarnOfGatesAsync(CommandCall call, TenantId tenant, int? gates)
    {
        var methods = (await call.Get<PolicyStore>().HoldingAsync(tenant, call.Cancellation)).Terms.Methods.Count;
        if (gates > methods)
        {
            call.Typed.InvocationConfiguration.Error.WriteLine(
                $"Warning: {gates} gates ask for as many methods, and its policy enables {methods}: nobody of this tenant can reset a password."
            );
        }
    }

    private static async Task<CommandRefusal?> ListAsync(CommandCall call)
    {
        await using var db = await call.OpenAsync();
        foreach (var tenant in await db.Set<Tenant>().AsNoTracking().OrderBy(t => t.Id).ToListAsync(call.Cancellation))
        {
            var domains = await db.Set<Domain>().Where(d => d.Tenant == tenant.Id).Select(d => d.Name).ToListAsync(call.Cancellation);
            call.PrintRow(tenant.Id, tenant.Name, tenant.HelpdeskPhone, string.Join(' ', domains), tenant.ResetEnabled ? "open" : "closed");
        }

        return null;
    }
}
