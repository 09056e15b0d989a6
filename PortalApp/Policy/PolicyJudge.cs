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
            errors.AddRange(Of(entry).Select(error => error with { Within = entry.Name }));
        }

        foreach (var name in list.Entries.CountBy(entry => entry.Name).Where(name => name.Value > 1))
        {
            errors.Add(new(nameof(PolicyEntry.Name), Fault.PolicyTwice, name.Key));
        }

        if (list.Entries.Count > PolicyList.MaxEntries)
        {
            errors.Add(new(nameof(PolicyEntry.Name), Fault.PolicyMost, PolicyList.MaxEntries));
        }

        var groups = list.Groups.ToArray();
        if (groups.Length > PolicyList.MaxGroups)
        {
            errors.Add(new(nameof(PolicyEntry.Groups), Fault.PolicyGroupsMost, PolicyList.MaxGroups));
        }
        else if (await db.Set<Group>().CountAsync(g => g.Tenant == tenant && groups.Contains(g.Id), cancellation) != groups.Length)
        {
            errors.Add(new(nameof(PolicyEntry.Groups), Fault.GroupMissing));
        }

        return errors;
    }

    private IEnumerable<FieldError> Of(PolicyEntry entry)
    {
        if (string.IsNullOrWhiteSpace(entry.Name) || entry.Name.Length > PolicyEntry.MaxName || entry.Name != entry.Name.OnOneLine())
        {
            yield return new(nameof(PolicyEntry.Name), Fault.WriteName, PolicyEntry.MaxName);
        }

        if (entry.Groups.Count == 0)
        {
            yield return new(nameof(PolicyEntry.Groups), Fault.NoGroup);
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
            yield return new(nameof(terms.Gates), Fault.Gates);
        }

        if (terms.Methods.IsEmpty)
        {
            yield return new(nameof(terms.Methods), Fault.NoMethod);
        }

        if (!missing.IsEmpty)
        {
            yield return new(nameof(terms.Methods), Fault.MethodsMissing, string.Join(", ", missing));
        }

        if (terms is { LetQuestionsAlone: true, QuestionsAlone: false })
        {
            yield return new(nameof(terms.Methods), Fault.QuestionsAlone);
        }

        if (terms.ForWhom is PolicyAudience.Groups { Ids.Count: 0 })
        {
            yield return new(nameof(terms.ForWhom), Fault.NoGroup);
        }
    }
}
