using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Gates;
using PortalApp.Users.Groups;

namespace PortalApp.Policy;

/// <summary>Says what of a list of policies cannot be.</summary>
internal sealed class PolicyJudge(IEnumerable<IGate> gates)
{
    /// <summary>All of it; of the default's first. A group that is gone may be named: it holds nobody.</summary>
    public async Task<IReadOnlyList<FieldError>> ErrorsAsync(PortalDb db, TenantId tenant, PolicyList list, CancellationToken cancellation)
    {
        var errors = Of(list.Default).ToList();
        foreach (var entry in list.Entries)
        {
            errors.AddRange(Of(entry).Select(error => error with { Sentence = $"{entry.Name}: {error.Sentence}" }));
        }

        foreach (var name in list.Entries.CountBy(entry => entry.Name).Where(name => name.Value > 1))
        {
            errors.Add(new(nameof(PolicyEntry.Name), $"There is more than one policy {name.Key}."));
        }

        if (list.Entries.Count > PolicyList.MaxEntries)
        {
            errors.Add(new(nameof(PolicyEntry.Name), $"{PolicyList.MaxEntries} policies before the default are the most."));
        }

        var groups = list.Groups.ToArray();
        if (groups.Length > PolicyList.MaxGroups)
        {
            errors.Add(new(nameof(PolicyEntry.Groups), $"All policies together can name {PolicyList.MaxGroups} groups at the most."));
        }
        else if (await db.Set<Group>().CountAsync(g => g.Tenant == tenant && groups.Contains(g.Id), cancellation) != groups.Length)
        {
            errors.Add(new(nameof(PolicyEntry.Groups), "One of the groups is not there."));
        }

        return errors;
    }

    private IEnumerable<FieldError> Of(PolicyEntry entry)
    {
        if (string.IsNullOrWhiteSpace(entry.Name) || entry.Name.Length > PolicyEntry.MaxName || entry.Name != entry.Name.OnOneLine())
        {
            yield return new(nameof(PolicyEntry.Name), $"Write a name of 1 to {PolicyEntry.MaxName} characters.");
        }

        if (entry.Groups.Count == 0)
        {
            yield return new(nameof(PolicyEntry.Groups), "Name at least one group.");
        }

        foreach (var error in Of(entry.Terms))
        {
            yield return error;
        }
    }

    private IEnumerable<FieldError> Of(PolicyTerms terms)
    {
        var missing = terms.Methods.Except(gates.Select(g => g.Method));
        if (terms.Gates is < 1 or > 2)
        {
            yield return new(nameof(terms.Gates), "Write 1 or 2.");
        }

        if (terms.Methods.IsEmpty)
        {
            yield return new(nameof(terms.Methods), "Name at least one.");
        }

        if (!missing.IsEmpty)
        {
            yield return new(nameof(terms.Methods), $"{string.Join(", ", missing)} cannot be used yet.");
        }

        if (terms.ForWhom is PolicyAudience.Groups { Ids.Count: 0 })
        {
            yield return new(nameof(terms.ForWhom), "Name at least one group.");
        }
    }
}
