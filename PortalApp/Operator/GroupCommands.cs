using System.CommandLine;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Operator;

internal static class GroupCommands
{
    private delegate Task<ChangeOutcome<Group>> Change(GroupStore store, PortalDb db, Group group);

    public static Command Group() =>
        new("group", "Groups of the tenants' people: the directories' come by the agent, the portal's own are made here.")
        {
            List(),
            Add(),
            Rename(),
            Remove(),
            SetMember("put", "Put people or a whole group into a group.", isIn: true),
            SetMember("take", "Take people or a whole group out of a group.", isIn: false),
        };

    private static Command List()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "List a tenant's groups, one a line: number, name, directory, people.") { tenant };
        list.Does(
            tenant,
            async (call, id) =>
            {
                var store = call.Get<GroupStore>();
                var counts = await store.CountsAsync(id, call.Cancellation);
                foreach (var group in await store.ListAsync(id, call.Cancellation))
                {
                    call.PrintRow(group.Id, group.Name, group.Connector ?? "the portal's own", counts.GetValueOrDefault(group.Id));
                }
            }
        );
        return list;
    }

    private static Command Add()
    {
        var (tenant, name) = (TenantCommands.TenantOption(), NameArgument());
        var add = new Command("add", "Add a group of the portal's own.") { tenant, name };
        add.Does(async call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            return await call.Get<PortalApp.Tenants.TenantStore>().FindAsync(id, call.Cancellation) is null
                ? new(CommandCall.NoTenant(id))
                : CommandRefusal.Of(
                    await call.ChangeAsync(db =>
                        call.Get<GroupStore>().AddAsync(db, id, call.Typed.GetRequiredValue(name), call.By, call.Cancellation)
                    )
                );
        });
        return add;
    }

    private static Command Rename()
    {
        var (tenant, name) = (TenantCommands.TenantOption(), NameArgument());
        var to = new Argument<string>("new-name");
        var rename = new Command("rename", "Rename a group of the portal's own.") { tenant, name, to };
        rename.Does(call =>
            ChangeAsync(
                call,
                call.Typed.GetRequiredValue(tenant),
                call.Typed.GetRequiredValue(name),
                (store, db, group) =>
                    store.RenameAsync(db, group.Tenant, group.Id, call.Typed.GetRequiredValue(to), call.By, call.Cancellation)
            )
        );
        return rename;
    }

    private static Command Remove()
    {
        var (tenant, name) = (TenantCommands.TenantOption(), NameArgument());
        var remove = new Command("remove", "Remove a group of the portal's own; nobody is in it any more.") { tenant, name };
        remove.Does(call =>
            ChangeAsync(
                call,
                call.Typed.GetRequiredValue(tenant),
                call.Typed.GetRequiredValue(name),
                (store, db, group) => store.RemoveAsync(db, group.Tenant, group.Id, call.By, call.Cancellation)
            )
        );
        return remove;
    }

    private static Command SetMember(string verb, string description, bool isIn)
    {
        var (tenant, name) = (TenantCommands.TenantOption(), NameArgument());
        var user = new Option<string?>("--user") { Description = "The sign-in address of the person." };
        var inner = new Option<string?>("--group") { Description = "The group whose people are meant." };
        var set = new Command(verb, description) { tenant, name, user, inner };
        set.Does(async call =>
        {
            var (upn, other) = (call.Typed.GetValue(user), call.Typed.GetValue(inner));
            if (upn is null == other is null)
            {
                return new("Name either --user or --group.");
            }

            var (who, why) = await MemberAsync(call, new(call.Typed.GetRequiredValue(tenant)), upn, other);
            return who is null
                ? new(why)
                : await ChangeAsync(
                    call,
                    call.Typed.GetRequiredValue(tenant),
                    call.Typed.GetRequiredValue(name),
                    (store, db, group) =>
                        who.Value.User is { } id
                            ? store.SetMemberAsync(db, group.Tenant, group.Id, id, isIn, call.By, call.Cancellation)
                            : store.SetInnerAsync(db, group.Tenant, group.Id, who.Value.Group, isIn, call.By, call.Cancellation)
                );
        });
        return set;
    }

    private static async Task<((string? User, long Group)? Who, string Why)> MemberAsync(
        CommandCall call,
        TenantId tenant,
        string? upn,
        string? group
    )
    {
        if (upn is null)
        {
            var (found, why) = await FindAsync(call, tenant, group!);
            return found is null ? (null, why) : ((null, found.Id), "");
        }

        return
            UserPrincipalName.TryParse(upn) is { } name
            && await call.Get<UserStore>().FindByNameAsync(tenant, name, call.Cancellation) is { } user
            ? ((user.Id, 0), "")
            : (null, $"There is no user {upn} in tenant {tenant}.");
    }

    private static async Task<CommandRefusal?> ChangeAsync(CommandCall call, int tenant, string name, Change change)
    {
        var (group, why) = await FindAsync(call, new(tenant), name);
        return group is null ? new(why) : CommandRefusal.Of(await call.ChangeAsync(db => change(call.Get<GroupStore>(), db, group)));
    }

    /// <summary>By name, or by the number that <c>group list</c> shows where two directories have groups of one name.</summary>
    private static async Task<(Group? Group, string Why)> FindAsync(CommandCall call, TenantId tenant, string typed)
    {
        var all = await call.Get<GroupStore>().ListAsync(tenant, call.Cancellation);
        var found = all.Where(g => g.Name == typed).ToList();
        return found.Count switch
        {
            1 => (found[0], ""),
            0
                when long.TryParse(typed, System.Globalization.CultureInfo.InvariantCulture, out var number)
                    && all.FirstOrDefault(g => g.Id == number) is { } group => (group, ""),
            0 => (null, $"There is no group {typed} in tenant {tenant}; see: group list."),
            _ => (null, $"There is more than one group {typed}; name it by its number: group list."),
        };
    }

    private static Argument<string> NameArgument() => new("name") { Description = "Its name, or the number that group list shows." };
}
