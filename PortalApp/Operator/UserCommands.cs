using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Tenants.Names;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Disputes;
using PortalApp.SignIn.Attempts;
using PortalApp.Tenants;
using PortalApp.Throttle.Failures;
using PortalApp.Users;

namespace PortalApp.Operator;

internal static class UserCommands
{
    public static Command User() =>
        new("user", "People of the tenants.")
        {
            Set(),
            Add(),
            Remove(),
            Unlock(),
            GiveRole(),
            RecoveryCodeCommands.Make(),
            UserImport.Import(),
            List(),
        };

    private static Command Set()
    {
        var name = new Argument<string>("upn") { Description = "The user's sign-in address." };
        var emails = new Option<string[]>("--alternate-email")
        {
            Description = "Address for codes and notices; repeat it, the first wins.",
        };
        var mobile = new Option<string?>("--mobile-phone") { Description = "Such as \"+31 612345678\"; \"\" removes it." };
        var office = new Option<string?>("--office-phone") { Description = "Such as \"+31 201234567\"; \"\" removes it." };
        var licensed = Switch("--licensed", "Whether the user has a licence for the portal.");
        var enabled = Switch("--enabled", "Whether the user may reset a password here.");
        var set = new Command("set", "Set what an administrator holds of a user.") { name, emails, mobile, office, licensed, enabled };
        set.Does(async call =>
        {
            var change = new UserChange(
                call.Typed.GetValue(emails) is { Length: > 0 } told ? told : null,
                call.Typed.GetValue(mobile),
                call.Typed.GetValue(office),
                IsOn(call.Typed.GetValue(licensed)),
                IsOn(call.Typed.GetValue(enabled))
            );
            return change.Told.Length == 0
                ? new("There is nothing to set; see: user set --help.")
                : CommandRefusal.Of(await call.ChangeAsync(db => SetAsync(call, db, call.Typed.GetRequiredValue(name), change)));
        });
        return set;
    }

    private static Option<string?> Switch(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description };
        option.AcceptOnlyFromAmong("true", "false");
        return option;
    }

    private static bool? IsOn(string? told) => told is null ? null : told == "true";

    private static Command Add()
    {
        var name = new Argument<string>("upn")
        {
            Description = "Sign-in address in a domain whose passwords live in the portal (CloudOnly).",
        };
        var add = new Command("add", "Add a user whose password lives in the portal alone.") { name };
        add.Does(async call =>
        {
            var typed = call.Typed.GetRequiredValue(name);
            return await FindHomeAsync(call, typed) is not var (upn, tenant)
                ? new(NoHome(typed))
                : CommandRefusal.Of(
                    await call.ChangeAsync(db => call.Get<UserStore>().AddAsync(db, tenant, upn, call.By, call.Cancellation))
                );
        });
        return add;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("upn") { Description = "The user's sign-in address." };
        var remove = new Command("remove", "Let a user go: the name is free, phones and addresses are forgotten, open resets end.")
        {
            name,
        };
        remove.Does(async call =>
        {
            var typed = call.Typed.GetRequiredValue(name);
            if (await FindHomeAsync(call, typed) is not var (upn, tenant))
            {
                return new(NoHome(typed));
            }

            if (await call.Get<UserStore>().FindByNameAsync(tenant, upn, call.Cancellation) is not { } user)
            {
                return new(NoUser(upn));
            }

            return CommandRefusal.Of(
                await call.ChangeAsync(db => call.Get<UserStore>().RemoveAsync(db, tenant, user.Id, call.By, call.Cancellation))
            );
        });
        return remove;
    }

    private static Command Unlock()
    {
        var name = new Argument<string>("upn") { Description = "The user's sign-in address." };
        var unlock = new Command(
            "unlock",
            "Lift what wrong answers and codes have used up for a user in the portal, and the lock of \"It wasn't me\"; the directory's stays."
        )
        {
            name,
        };
        unlock.Does(async call =>
            CommandRefusal.Of(await call.ChangeAsync(db => UnlockAsync(call, db, call.Typed.GetRequiredValue(name))))
        );
        return unlock;
    }

    private static Command GiveRole()
    {
        var name = new Argument<string>("upn") { Description = "The user's sign-in address." };
        var role = new Argument<string>("role") { Description = "What they may do at the desk." };
        role.AcceptOnlyFromAmong(Enum.GetNames<Role>());
        var give = new Command("role", "Give a user a role; it holds from the next request on.") { name, role };
        give.Does(async call =>
            CommandRefusal.Of(
                await call.ChangeAsync(async db =>
                    await FindAsync(call, call.Typed.GetRequiredValue(name)) switch
                    {
                        (User user, _) => await call.Get<UserStore>()
                            .SetRoleAsync(
                                db,
                                user.Tenant,
                                user.Id,
                                Enum.Parse<Role>(call.Typed.GetRequiredValue(role)),
                                call.By,
                                call.Cancellation
                            ),
                        (_, var why) => new ChangeOutcome<User>.Wrong("", Fault.AsSaid, why),
                    }
                )
            )
        );
        return give;
    }

    /// <summary>The user; or why there is none.</summary>
    public static async Task<(User? User, string Why)> FindAsync(CommandCall call, string typed) =>
        await FindHomeAsync(call, typed) is not var (upn, tenant) ? (null, NoHome(typed))
        : await call.Get<UserStore>().FindByNameAsync(tenant, upn, call.Cancellation) is { } user ? (user, "")
        : (null, NoUser(upn));

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List a tenant's users, one a line.") { tenant };
        list.Does(
            tenant,
            async (call, id) =>
            {
                await using var db = await call.OpenAsync();
                var users = db.Set<User>()
                    .AsNoTracking()
                    .Include(u => u.Contacts)
                    .Where(u => u.Tenant == id)
                    .OrderBy(u => u.UserPrincipalName);
                await foreach (var user in users.AsAsyncEnumerable().WithCancellation(call.Cancellation))
                {
                    Print(call, user);
                }
            }
        );
        return list;
    }

    private static void Print(CommandCall call, User user)
    {
        var contacts = user.ToContactData();
        call.PrintRow(
            user.UserPrincipalName,
            user.Id,
            contacts.AlternateEmail,
            contacts.Mobile,
            contacts.Office,
            user.Licensed ? "licensed" : "no licence",
            user.GoneAt is { } since ? $"gone since {since:O}"
                : user.ResetEnabled ? "enabled"
                : "not enabled"
        );
    }

    private static async Task<ChangeOutcome<User>> SetAsync(CommandCall call, PortalDb db, string typed, UserChange change)
    {
        if (await FindHomeAsync(call, typed) is not var (upn, tenant))
        {
            return new ChangeOutcome<User>.Wrong("", Fault.AsSaid, NoHome(typed));
        }

        await WarnOfOwnAsync(call, upn, tenant, change.AlternateEmails ?? []);
        var users = call.Get<UserStore>();
        return await users.FindByNameAsync(tenant, upn, call.Cancellation) is { Id: var id }
            ? await users.SetAsync(db, tenant, id, change, call.By, seen: null, call.Cancellation)
            : new ChangeOutcome<User>.Wrong("", Fault.AsSaid, NoUser(upn));
    }

    private static async Task<ChangeOutcome<User>> UnlockAsync(CommandCall call, PortalDb db, string typed)
    {
        var (user, why) = await FindAsync(call, typed);
        if (user is null)
        {
            return new ChangeOutcome<User>.Wrong("", Fault.AsSaid, why);
        }

        foreach (var counted in new[] { user.Id, AttemptStore.SubjectOf(user) })
        {
            await call.Get<FailureStore>().ForgetAsync(db, user.Tenant, counted, call.Cancellation);
        }

        var held = await db.Set<User>().SingleAsync(u => u.Id == user.Id, call.Cancellation);
        var wasLocked = await call.Get<DisputeStore>().LiftAsync(db, held, call.By, call.Cancellation);

        call.Get<AuditLog>()
            .Add(
                db,
                new(AuditEventId.UserChanged, user.Tenant, call.By)
                {
                    Subject = AuditSubject.User(user.Id),
                    Detail = $"the portal's limits{(wasLocked ? " and lock" : "")} of {user.UserPrincipalName} lifted by {call.By}",
                }
            );
        return new ChangeOutcome<User>.Done(user);
    }

    /// <summary>Who is locked out of the organisation may be locked out of its mail too.</summary>
    public static async Task WarnOfOwnAsync(CommandCall call, UserPrincipalName name, TenantId tenant, IEnumerable<string> addresses)
    {
        foreach (var address in addresses.Select(EmailAddress.TryParse).OfType<EmailAddress>())
        {
            if (await call.Get<TenantStore>().FindByDomainAsync(address.Domain, call.Cancellation) is { } own && own.Tenant.Id == tenant)
            {
                call.Warn($"{address} of {name} is in a domain of the organisation itself: who cannot sign in may not be able to read it.");
            }
        }
    }

    /// <summary>The name, and whose it can be; null for one in no domain of a tenant.</summary>
    public static async Task<(UserPrincipalName Name, TenantId Tenant)?> FindHomeAsync(CommandCall call, string typed) =>
        UserPrincipalName.TryParse(typed) is { } upn
        && await call.Get<TenantStore>().FindByDomainAsync(upn.Domain, call.Cancellation) is { } home
            ? (upn, home.Tenant.Id)
            : null;

    public static string NoUser(UserPrincipalName name) => $"There is no user {name}; people on premises come by the agent's sync.";

    public static string NoHome(string typed) =>
        UserPrincipalName.Read(typed) is NameReading<UserPrincipalName>.Forbidden sign
            ? $"{typed} holds {sign.CodePoint}, which no user name has."
            : $"{typed} is in no domain of a tenant; see: domain add.";
}
