using Microsoft.Extensions.Localization;
using PortalApp.Policy;

namespace PortalApp.Administration.Policies;

/// <summary>One setting of one policy before and after; null where there is none.</summary>
internal sealed record PolicyLine(string Policy, string Setting, string? Before, string? After);

/// <summary>Policies as an administrator reads them.</summary>
/// <param name="names">Of groups.</param>
internal sealed class PolicyWords(IStringLocalizer<AdministrationTexts> texts, IReadOnlyDictionary<long, string> names)
{
    /// <summary>Each setting that differs.</summary>
    public IReadOnlyList<PolicyLine> Difference(PolicyList held, PolicyList draft)
    {
        var (before, after) = (SettingsOf(held), SettingsOf(draft));
        return
        [
            .. before
                .Keys.Union(after.Keys)
                .Select(key => new PolicyLine(key.Policy, key.Setting, before.GetValueOrDefault(key), after.GetValueOrDefault(key)))
                .Where(line => line.Before != line.After),
        ];
    }

    public string Groups(IEnumerable<long> groups) => string.Join(", ", groups.Select(id => names.GetValueOrDefault(id, $"{id}")));

    public string ForWhom(PolicyTerms terms) =>
        terms.ForWhom is PolicyAudience.Groups { Ids: var ids } ? Groups(ids) : texts[$"Audience{terms.ForWhom.GetType().Name}"].Value;

    public string Methods(PolicyTerms terms) => string.Join(", ", terms.Methods.Select(method => texts[$"Method{method}"].Value));

    private string Help(PolicyTerms terms) =>
        terms.Help.IsEmpty ? texts["HelpNone"] : string.Join(" ", terms.Help.Select(rule => texts[$"Help{rule}"].Value));

    private Dictionary<(string Policy, string Setting), string> SettingsOf(PolicyList list)
    {
        var settings = new Dictionary<(string, string), string>();
        foreach (var (place, entry) in list.Entries.Index())
        {
            settings[(entry.Name, texts["Place"])] = $"{place + 1}";
            settings[(entry.Name, texts["GroupsOfPolicy"])] = Groups(entry.Groups);
            Put(entry.Name, entry.Terms);
        }

        Put(texts["DefaultPolicy"], list.Default);
        return settings;

        void Put(string policy, PolicyTerms terms)
        {
            settings[(policy, texts["ForWhom"])] = ForWhom(terms);
            settings[(policy, texts["Gates"])] = texts[$"Gates{terms.Gates}"];
            settings[(policy, texts["MethodsHeading"])] = Methods(terms);
            settings[(policy, texts["HelpHeading"])] = Help(terms);
            settings[(policy, texts["UnlockHeading"])] = texts[terms.Unlock ? "UnlockAllowed" : "UnlockNotAllowed"];
            if (terms.QuestionsAlone)
            {
                settings[(policy, texts["OnlyProof"])] = texts["QuestionsAlone"];
            }
            settings[(policy, texts["TellsAdministrators"])] = texts[
                terms.TellsAdministrators ? "TellsAdministratorsYes" : "TellsAdministratorsNo"
            ];
        }
    }
}
