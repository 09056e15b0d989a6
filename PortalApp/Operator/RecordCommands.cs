using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Writeback.Requests;

namespace PortalApp.Operator;

internal static class RecordCommands
{
    public static Command Audit()
    {
        var tenant = TenantCommands.TenantOption();
        var last = new Option<int>("--last") { Description = "How many, newest last.", DefaultValueFactory = _ => 50 };
        last.Validators.Add(typed =>
        {
            if (typed.Tokens.Count > 0 && typed.GetValue(last) < 1)
            {
                typed.AddError("--last: write a number from 1.");
            }
        });
        var all = new Option<bool>("--all") { Description = "Also each opening of the tenant's key, which may be one a minute." };
        var list = new Command(
            "list",
            "Print a tenant's audit events: when, what, by whom, of whom, request, outcome, reason, network, detail, trace."
        )
        {
            tenant,
            last,
            all,
        };
        list.Does(
            tenant,
            async (call, id) =>
            {
                await using var db = await call.OpenAsync();
                var shown = db.Set<AuditEntry>().AsNoTracking().Where(a => a.Tenant == id);
                var entries = await (call.Typed.GetValue(all) ? shown : shown.Where(a => a.Event != AuditEventId.TenantKeyOpened))
                    .OrderByDescending(a => a.At)
                    .ThenByDescending(a => a.Id)
                    .Take(call.Typed.GetValue(last))
                    .ToListAsync(call.Cancellation);
                foreach (var entry in entries.AsEnumerable().Reverse())
                {
                    Print(call, entry);
                }

                if (!call.Typed.GetValue(all) && entries.Count > 0)
                {
                    var since = entries[^1].At;
                    await CountOpeningsAsync(call, shown.Where(a => a.At >= since));
                }
            }
        );
        return new Command("audit", "What happened.") { list, AuditCommands.Verify(), AuditCommands.Key() };
    }

    private static async Task CountOpeningsAsync(CommandCall call, IQueryable<AuditEntry> since)
    {
        if (await since.CountAsync(a => a.Event == AuditEventId.TenantKeyOpened, call.Cancellation) is > 0 and var openings)
        {
            call.Typed.InvocationConfiguration.Error.WriteLine(
                $"Since the first of these the tenant's key was opened {openings} times; --all shows each."
            );
        }
    }

    private static void Print(CommandCall call, AuditEntry entry) =>
        call.PrintRow(
            $"{entry.At:O}",
            $"{(int)entry.Event} {entry.Event}",
            entry.By,
            entry.SubjectKind is { } kind ? new AuditSubject(kind, entry.Subject!) : null,
            entry.Request,
            entry.Outcome,
            entry.Reason,
            entry.Network,
            entry.Detail,
            entry.Trace
        );

    public static Command Request()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "Print a tenant's newest writeback requests.") { tenant };
        list.Does(
            tenant,
            async (call, id) =>
            {
                await using var db = await call.OpenAsync();
                var rows = await db.Set<Request>()
                    .AsNoTracking()
                    .Where(r => r.Tenant == id)
                    .OrderByDescending(r => r.Issued)
                    .Take(50)
                    .ToListAsync(call.Cancellation);
                foreach (var row in rows.AsEnumerable().Reverse())
                {
                    call.PrintRow($"{row.Issued:O}", row.Id, row.Kind, row.Anchor, row.GrantedTo, row.Result ?? "open");
                }
            }
        );
        return new Command("request", "Writeback requests.") { list };
    }
}
