using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Operator;

internal static class UserCommands
{
    public static Command User() => new("user", "People of the tenants.") { Set(), Add(), Import(), List() };

    private static Command Set()
    {
        var name = new Argument<string>("upn") { Description = "The user's sign-in address." };
        var emails = new Option<string[]>("--alternate-email")
        {
            Description = "Address for codes and notices; repeat it, the first wins.",
        };
        var mobile = new Option<string?>("--mobile-phone") { Description = "Such as \"+31 612345678\"; \"\" removes it." };
        var office = new Option<string?>("--office-phone") { Description = "Such as \"+31 201234567\"; \"\" removes it." };
        var licensed = new Option<string?>("--licensed") { Description = "Whether the user has a licence for the portal." };
        var enabled = new Option<string?>("--enabled") { Description = "Whether the user may reset a password here." };
        licensed.AcceptOnlyFromAmong("true", "false");
        enabled.AcceptOnlyFromAmong("true", "false");
        var set = new Command("set", "Set what an administrator holds of a user.") { name, emails, mobile, office, licensed, enabled };
        set.Does(
            async (services, parsed, cancellation) =>
            {
                var change = new UserChange(
                    parsed.GetValue(emails),
                    parsed.GetValue(mobile),
                    parsed.GetValue(office),
                    parsed.GetValue(licensed) is { } licensedTold ? licensedTold == "true" : null,
                    parsed.GetValue(enabled) is { } enabledTold ? enabledTold == "true" : null
                );
                await using var db = await TenantCommands.Open(services, cancellation);
                var refusal = await ApplyAsync(services, db, parsed.GetRequiredValue(name), change, cancellation);
                if (refusal is null)
                {
                    await db.SaveChangesAsync(cancellation);
                }

                return refusal;
            }
        );
        return set;
    }

    private static Command Import()
    {
        var file = new Argument<FileInfo>("file") { Description = "Lines of UPN,email." };
        var import = new Command("import", "Set the alternate e-mail of many users: all of the file or, at the first fault, nothing.")
        {
            file,
        };
        import.Does(
            async (services, parsed, cancellation) =>
            {
                var source = parsed.GetRequiredValue(file);
                if (!source.Exists)
                {
                    return new Refusal($"There is no file {source.FullName}.");
                }

                await using var db = await TenantCommands.Open(services, cancellation);
                var number = 0;
                foreach (var line in await File.ReadAllLinesAsync(source.FullName, cancellation))
                {
                    number++;
                    if (string.IsNullOrWhiteSpace(line))
                    {
                        continue;
                    }

                    var fields = line.Split(',', StringSplitOptions.TrimEntries);
                    if (fields is not [_, { Length: > 0 }])
                    {
                        return new Refusal($"Line {number}: write UPN,email. Nothing was changed.");
                    }

                    if (
                        await ApplyAsync(services, db, fields[0], new UserChange([fields[1]], null, null, null, null), cancellation) is
                        { } refusal
                    )
                    {
                        return new Refusal($"Line {number}: {refusal.Sentence} Nothing was changed.");
                    }
                }

                await db.SaveChangesAsync(cancellation);
                return null;
            }
        );
        return import;
    }

    private static Command Add()
    {
        var name = new Argument<string>("upn")
        {
            Description = "Sign-in address in a domain whose passwords live in the portal (CloudOnly).",
        };
        var add = new Command("add", "Add a user whose password lives in the portal alone.") { name };
        add.Does(
            async (services, parsed, cancellation) =>
            {
                var typed = parsed.GetRequiredValue(name);
                if (
                    UserPrincipalName.TryParse(typed) is not { } upn
                    || await services.GetRequiredService<TenantStore>().FindByDomainAsync(upn.Domain, cancellation) is not { } home
                )
                {
                    return new Refusal($"{typed} is in no domain of a tenant; see: domain add.");
                }

                if (home.Domain.PasswordManagement != PasswordManagement.CloudOnly)
                {
                    return new Refusal($"People of {home.Domain.Name} come by the agent's sync, not by hand.");
                }

                await using var db = await TenantCommands.Open(services, cancellation);
                if (await db.Set<User>().AnyAsync(u => u.Tenant == home.Tenant.Id && u.UserPrincipalName == upn.Value, cancellation))
                {
                    return new Refusal($"{upn} is there already.");
                }

                var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
                var user = new User
                {
                    Id = CloudAnchor.New().Value,
                    Tenant = home.Tenant.Id,
                    UserPrincipalName = upn.Value,
                    CreatedAt = now,
                    ChangedAt = now,
                };
                db.Add(user);
                services
                    .GetRequiredService<AuditLog>()
                    .Add(db, AuditEventId.UserChanged, user.Tenant, user.Id, detail: $"added by {HostOperator.Name}");
                await db.SaveChangesAsync(cancellation);
                return null;
            }
        );
        return add;
    }

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List a tenant's users, one a line.") { tenant };
        list.Does(
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                await using var db = await TenantCommands.Open(services, cancellation);
                var users = db.Set<User>()
                    .AsNoTracking()
                    .Include(u => u.Contacts)
                    .Where(u => u.Tenant == id)
                    .OrderBy(u => u.UserPrincipalName);
                await foreach (var user in users.AsAsyncEnumerable().WithCancellation(cancellation))
                {
                    var contacts = user.ToContactData();
                    OperatorCommands.PrintRow(
                        user.UserPrincipalName,
                        user.Id,
                        contacts.AlternateEmail,
                        contacts.Mobile,
                        contacts.Office,
                        user.Licensed ? "licensed" : "no licence",
                        user.Enabled ? "enabled" : "not enabled"
                    );
                }

                return null;
            }
        );
        return list;
    }

    private static async Task<Refusal?> ApplyAsync(
        IServiceProvider services,
        PortalDb db,
        string typed,
        UserChange change,
        CancellationToken cancellation
    )
    {
        if (
            UserPrincipalName.TryParse(typed) is not { } upn
            || await services.GetRequiredService<TenantStore>().FindByDomainAsync(upn.Domain, cancellation) is not { } home
        )
        {
            return new($"{typed} is in no domain of a tenant; see: domain add.");
        }

        var user = await db.Set<User>()
            .Include(u => u.Contacts)
            .SingleOrDefaultAsync(u => u.Tenant == home.Tenant.Id && u.UserPrincipalName == upn.Value, cancellation);
        return user is null
            ? new($"There is no user {upn}; people on premises come by the agent's sync.")
            : change.Apply(services, db, user);
    }
}
