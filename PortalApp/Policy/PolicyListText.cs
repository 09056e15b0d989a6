using System.Diagnostics;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PortalApp.Gates;

namespace PortalApp.Policy;

/// <summary>A list of policies as JSON in a column: groups, methods and rules of help by number.</summary>
internal sealed class PolicyListText() : ValueConverter<PolicyList, string>(list => Write(list), text => Read(text))
{
    private static string Write(PolicyList list) =>
        JsonSerializer.Serialize(
            new Kept([.. list.Entries.Select(entry => new KeptEntry(entry.Name, [.. entry.Groups], Keep(entry.Terms)))], Keep(list.Default))
        );

    private static PolicyList Read(string text)
    {
        var kept = JsonSerializer.Deserialize<Kept>(text)!;
        return new(
            [.. kept.Entries.Select(entry => new PolicyEntry(entry.Name, entry.Groups, TermsOf(entry.Terms)))],
            TermsOf(kept.Default)
        );
    }

    private static KeptTerms Keep(PolicyTerms terms) =>
        new(
            terms.ForWhom switch
            {
                PolicyAudience.Nobody => Audience.Nobody,
                PolicyAudience.Everyone => Audience.Everyone,
                PolicyAudience.Groups => Audience.Groups,
                _ => throw new UnreachableException(),
            },
            terms.ForWhom is PolicyAudience.Groups { Ids: var ids } ? [.. ids] : [],
            terms.Gates,
            [.. terms.Methods.Select(method => (int)method)],
            terms.Help.IsEmpty ? null : [.. terms.Help.Select(rule => (int)rule)],
            terms.Unlock,
            terms.QuestionsAlone,
            terms.TellsAdministrators
        );

    private static PolicyTerms TermsOf(KeptTerms kept) =>
        new(
            kept.ForWhom switch
            {
                Audience.Nobody => new PolicyAudience.Nobody(),
                Audience.Everyone => new PolicyAudience.Everyone(),
                Audience.Groups => new PolicyAudience.Groups(kept.Groups),
                _ => throw new UnreachableException(),
            },
            kept.Gates,
            [.. kept.Methods.Select(method => (GateMethod)method)],
            kept.Unlock,
            kept.QuestionsAlone
        )
        {
            Help = [.. (kept.Help ?? []).Select(rule => (HelpRule)rule)],
            TellsAdministrators = kept.TellsAdministrators,
        };

    /// <summary>Stored by number: never renumber.</summary>
    private enum Audience
    {
        Nobody = 0,
        Everyone = 1,
        Groups = 2,
    }

    private sealed record Kept(KeptEntry[] Entries, KeptTerms Default);

    private sealed record KeptEntry(string Name, long[] Groups, KeptTerms Terms);

    private sealed record KeptTerms(
        Audience ForWhom,
        long[] Groups,
        int Gates,
        int[] Methods,
        int[]? Help = null,
        bool Unlock = false,
        bool QuestionsAlone = false,
        bool TellsAdministrators = false
    );
}
