using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
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
        var list = new Command("list", "Print a tenant's audit events.") { tenant, last };
        list.Does(
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                await using var db = await TenantCommands.Open(services, cancellation);
                var entries = await db.Set<AuditEntry>()
                    .AsNoTracking()
                    .Where(a => a.Tenant == id)
                    .OrderByDescending(a => a.Id)
                    .Take(parsed.GetValue(last))
                    .ToListAsync(cancellation);
                foreach (var entry in entries.AsEnumerable().Reverse())
                {
                    OperatorCommands.PrintRow(
                        $"{entry.At:O}",
                        $"{(int)entry.Event} {entry.Event}",
                        entry.Subject,
                        entry.Request,
                        entry.Network,
                        entry.Detail
                    );
                }

                return null;
            }
        );
        return new Command("audit", "What happened.") { list };
    }

    public static Command Request()
    {
        var tenant = TenantCommands.TenantOption();
        var list = new Command("list", "Print a tenant's newest writeback requests.") { tenant };
        list.Does(
            async (services, parsed, cancellation) =>
            {
                var id = new TenantId(parsed.GetRequiredValue(tenant));
                if (await TenantCommands.RefuseUnknownAsync(services, id, cancellation) is { } refusal)
                {
                    return refusal;
                }

                await using var db = await TenantCommands.Open(services, cancellation);
                var rows = await db.Set<Request>()
                    .AsNoTracking()
                    .Where(r => r.Tenant == id)
                    .OrderByDescending(r => r.Issued)
                    .Take(50)
                    .ToListAsync(cancellation);
                foreach (var row in rows.AsEnumerable().Reverse())
                {
                    OperatorCommands.PrintRow($"{row.Issued:O}", row.Id, row.Kind, row.Anchor, row.GrantedTo, row.Result ?? "open");
                }

                return null;
            }
        );
        return new Command("request", "Writeback requests.") { list };
    }
}
