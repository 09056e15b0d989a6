using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Administration.People;

/// <summary>A line of an uploaded file beside what is held now.</summary>
/// <param name="Line">Null where the file itself cannot be read.</param>
/// <param name="User">Null where the line is wrong.</param>
/// <param name="Wrong">Why it cannot be carried out; null where it can.</param>
internal sealed record UploadedLine(ImportedLine? Line, User? User, IReadOnlyList<string> Held, string? Wrong)
{
    public bool IsChange => User is not null && !Held.SequenceEqual(Line!.Emails, StringComparer.OrdinalIgnoreCase);

    /// <summary>The person would have fewer addresses than now.</summary>
    public bool IsShorter => User is not null && Held.Count > Line!.Emails.Count;
}

/// <summary>Many people's alternate addresses from a file of an administrator: looked at first, then all of it or nothing.</summary>
internal sealed class UserUpload(IDbContextFactory<PortalDb> databases, UserStore users, IStringLocalizer<AdministrationTexts> texts)
{
    public const int MaxBytes = 4 * 1024 * 1024;
    private const int AtOnce = 500;

    /// <summary>Changes nothing.</summary>
    public async Task<IReadOnlyList<UploadedLine>> LookAsync(TenantId tenant, byte[] file, CancellationToken cancellation)
    {
        var (lines, wrong) = ImportedLines.Read(file);
        if (wrong is not null)
        {
            return [new(null, null, [], wrong)];
        }

        var looked = new List<UploadedLine>();
        var seen = new Dictionary<string, int>();
        foreach (var some in lines.Chunk(AtOnce))
        {
            var found = await FindAsync(tenant, some, cancellation);
            looked.AddRange(some.Select(line => Look(line, found, seen)));
        }

        return looked;
    }

    /// <returns>How many people were given other addresses.</returns>
    public Task<ChangeOutcome<int>> SetAsync(
        TenantId tenant,
        IReadOnlyList<UploadedLine> lines,
        Actor by,
        CancellationToken cancellation
    ) => databases.ChangeAsync(db => SetAsync(db, tenant, lines, by, cancellation), cancellation);

    private async Task<ChangeOutcome<int>> SetAsync(
        PortalDb db,
        TenantId tenant,
        IReadOnlyList<UploadedLine> lines,
        Actor by,
        CancellationToken cancellation
    )
    {
        UploadedLine[] changes = [.. lines.Where(line => line.IsChange)];
        foreach (var line in changes)
        {
            var change = new UserChange(line.Line!.Emails, null, null, null, null);
            var outcome = await users.SetAsync(db, tenant, line.User!.Id, change, by, line.User.Revision, cancellation);
            if (outcome is not ChangeOutcome<User>.Done)
            {
                return outcome.Refused<int>();
            }
        }

        return new ChangeOutcome<int>.Done(changes.Length);
    }

    private async Task<Dictionary<string, User>> FindAsync(TenantId tenant, ImportedLine[] lines, CancellationToken cancellation)
    {
        string[] names = [.. lines.Select(line => UserPrincipalName.TryParse(line.Name)?.Value).OfType<string>().Distinct()];
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Set<User>()
            .AsNoTracking()
            .Include(u => u.Contacts)
            .Where(u => u.Tenant == tenant && u.GoneAt == null && names.Contains(u.UserPrincipalName))
            .ToDictionaryAsync(u => u.UserPrincipalName, cancellation);
    }

    private UploadedLine Look(ImportedLine line, Dictionary<string, User> found, Dictionary<string, int> seen)
    {
        if (UserPrincipalName.TryParse(line.Name) is not { } name || !found.TryGetValue(name.Value, out var user))
        {
            return new(line, null, [], texts["NobodyHasName", line.Name]);
        }

        if (!seen.TryAdd(name.Value, line.Number))
        {
            return new(line, null, [], texts["ImportTwice", name, seen[name.Value]]);
        }

        return line.Emails.FirstOrDefault(email => EmailAddress.TryParse(email) is null) is { } bad
            ? new(line, null, [], texts["ImportNoMail", bad])
            : new(line, user, [.. user.ToContactData().AlternateEmailAddresses.Select(e => e.Value)], null);
    }
}
