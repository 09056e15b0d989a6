using System.CommandLine;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Operator;

/// <summary>The command that sets many people's alternate addresses from a file: all of it or, at the first fault, nothing.</summary>
internal static class UserImport
{
    public static Command Import()
    {
        var file = new Argument<FileInfo>("file")
        {
            Description =
                "CSV: UPN,email with more addresses after it, the first wins; commas, semicolons or tabs, with or without a heading.",
        };
        var dryRun = new Option<bool>("--dry-run") { Description = "Print what would change, a line each, and change nothing." };
        var replace = new Option<bool>("--replace") { Description = "Also where somebody would have fewer addresses than before." };
        var import = new Command("import", "Set the alternate e-mail of many users: all of the file or, at the first fault, nothing.")
        {
            file,
            dryRun,
            replace,
        };
        import.Does(async call =>
        {
            var source = call.Typed.GetRequiredValue(file);
            if (!source.Exists)
            {
                return new($"There is no file {source.FullName}.");
            }

            var (lines, wrong) = ImportedLines.Read(await File.ReadAllBytesAsync(source.FullName, call.Cancellation));
            if (wrong is not null)
            {
                return new($"{wrong} Nothing was changed.");
            }

            var (isDry, mayShorten) = (call.Typed.GetValue(dryRun), call.Typed.GetValue(replace));
            return
                await call.ChangeAsync(db => ImportAsync(call, db, lines, isDry, mayShorten)) is var outcome
                && outcome is ChangeOutcome<int>.Wrong { Errors: [] }
                ? null
                : CommandRefusal.Of(outcome);
        });
        return import;
    }

    /// <returns>How many were set; a wrong one without an error undoes a dry run.</returns>
    private static async Task<ChangeOutcome<int>> ImportAsync(
        CommandCall call,
        PortalDb db,
        IReadOnlyList<ImportedLine> lines,
        bool isDry,
        bool mayShorten
    )
    {
        var seen = new Dictionary<string, int>();
        foreach (var line in lines)
        {
            if (await SetAsync(call, db, line, seen, isDry, mayShorten) is { } refusal)
            {
                return new ChangeOutcome<int>.Wrong("", Fault.AsSaid, $"Line {line.Number}: {refusal} Nothing was changed.");
            }
        }

        return isDry ? new ChangeOutcome<int>.Wrong([]) : new ChangeOutcome<int>.Done(lines.Count);
    }

    /// <returns>Why not; null where it is set.</returns>
    private static async Task<string?> SetAsync(
        CommandCall call,
        PortalDb db,
        ImportedLine line,
        Dictionary<string, int> seen,
        bool isDry,
        bool mayShorten
    )
    {
        if (await UserCommands.FindHomeAsync(call, line.Name) is not var (upn, tenant))
        {
            return UserCommands.NoHome(line.Name);
        }

        if (!seen.TryAdd(upn.Value, line.Number))
        {
            return $"{upn} stands in line {seen[upn.Value]} already; write all addresses of a person in one line.";
        }

        if (await call.Get<UserStore>().FindByNameAsync(tenant, upn, call.Cancellation) is not { } user)
        {
            return UserCommands.NoUser(upn);
        }

        string[] held = [.. user.ToContactData().AlternateEmailAddresses.Select(e => e.Value)];
        if (held.Length > line.Emails.Count && !mayShorten && !isDry)
        {
            return $"{upn} holds {held.Length} addresses and the line has {line.Emails.Count}; look with --dry-run, and say --replace to do it.";
        }

        if (isDry)
        {
            call.PrintRow(line.Number, upn, held.Length == 0 ? "none" : string.Join(", ", held), "→", string.Join(", ", line.Emails));
        }

        await UserCommands.WarnOfOwnAsync(call, upn, tenant, line.Emails);
        var change = new UserChange([.. line.Emails], null, null, null, null);
        var outcome = await call.Get<UserStore>().SetAsync(db, tenant, user.Id, change, call.By, seen: null, call.Cancellation);
        return CommandRefusal.Of(outcome)?.Sentence(call.Typed.CommandResult.Command);
    }
}
