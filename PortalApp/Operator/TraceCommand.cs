using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.PasswordReset.Flows;
using PortalApp.Writeback.Requests;

namespace PortalApp.Operator;

/// <summary>The story behind the code that a person read out, from the page to the directory.</summary>
internal static class TraceCommand
{
    public static Command Trace()
    {
        var code = new Argument<string>("code") { Description = "As the person saw it: XXXX-XXXX." };
        var trace = new Command(
            "trace",
            "Print all that is known of one walk through the pages, in order: flow, gates, requests, agents, audit."
        )
        {
            code,
        };
        trace.Does(async call =>
        {
            var typed = call.Typed.GetRequiredValue(code).Trim().ToUpperInvariant();
            await using var db = await call.OpenAsync();
            var story = await StoryAsync(db, typed, call.Cancellation);
            foreach (var (at, text) in story.OrderBy(line => line.At))
            {
                call.PrintRow($"{at:O}", text);
            }

            return story.Count == 0
                ? new($"Nothing is known of {typed}: flows are kept for eight days, the audit for as long as its tenant says.")
                : null;
        });
        return trace;
    }

    private static async Task<IReadOnlyList<(DateTimeOffset At, string Text)>> StoryAsync(PortalDb db, string trace, CancellationToken ct)
    {
        var flows = await db.Set<Flow>().AsNoTracking().Include(f => f.PassedGates).Where(f => f.Trace == trace).ToListAsync(ct);
        var requests = await db.Set<Request>().AsNoTracking().Where(r => r.Trace == trace).ToListAsync(ct);
        var ids = requests.Select(r => r.Id).ToList();
        var audit = await db.Set<AuditEntry>()
            .AsNoTracking()
            .Where(a => a.Trace == trace || (a.Request != null && ids.Contains(a.Request)))
            .OrderBy(a => a.Id)
            .ToListAsync(ct);
        return [.. flows.SelectMany(Told), .. requests.SelectMany(Told), .. audit.Select(Told)];
    }

    private static IEnumerable<(DateTimeOffset At, string Text)> Told(Flow flow)
    {
        var whose = flow.UserId is { } user ? $"user {user}" : "a name without an account";
        yield return (flow.CreatedAt, $"flow: {flow.Purpose} begun in tenant {flow.Tenant} from {flow.Network}, for {whose}");
        foreach (var gate in flow.PassedGates)
        {
            yield return (gate.PassedAt, $"flow: {gate.Method} passed");
        }

        if (flow.EndedAt is { } ended)
        {
            yield return (ended, $"flow: ended after {flow.Sets.ToString(CultureInfo.InvariantCulture)} passwords sent");
        }
    }

    private static IEnumerable<(DateTimeOffset At, string Text)> Told(Request request)
    {
        yield return (request.Issued, $"request {request.Id}: {request.Kind} sent to {request.Connector ?? "the portal itself"}");
        if (request.GrantedAt is { } granted)
        {
            yield return (granted, $"request {request.Id}: claimed by agent {request.GrantedTo}");
        }

        if (request.EndedAt is { } ended)
        {
            yield return (ended, $"request {request.Id}: {request.Outcome}{(request.Reason is { } why ? $", {why}" : "")}");
        }

        if (request.ResolvedAt is { } resolved)
        {
            yield return (resolved, $"request {request.Id}: resolved by the agent's evidence as {request.Outcome}");
        }
    }

    private static (DateTimeOffset At, string Text) Told(AuditEntry entry)
    {
        string?[] told = [entry.Outcome, entry.Reason, entry.Detail];
        var rest = string.Join(", ", told.Where(part => !string.IsNullOrEmpty(part)));
        return (entry.At, $"audit: {(int)entry.Event} {entry.Event} by {entry.By}{(rest.Length > 0 ? $": {rest}" : "")}");
    }
}
