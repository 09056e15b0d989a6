using PortalApp.Gates;
using PortalApp.Policy;

namespace PortalApp.Administration.Policies;

/// <summary>A tenant's policies while somebody arranges them.</summary>
internal sealed class PolicyForm
{
    private readonly List<EntryForm> entries = [];

    /// <summary>In their order, without the default.</summary>
    public IReadOnlyList<EntryForm> Entries => entries;

    public EntryForm Default { get; } = new() { IsDefault = true };

    /// <summary>The one whose fields are shown.</summary>
    public EntryForm Chosen { get; private set; }

    public PolicyForm() => Chosen = Default;

    public PolicyList List =>
        new([.. entries.Select(entry => new PolicyEntry(entry.Name.Trim(), [.. entry.Groups.Order()], entry.Terms))], Default.Terms);

    /// <summary>What was chosen stays chosen, by its name.</summary>
    public void Take(PolicyList list)
    {
        var (chosen, isDefault) = (Chosen.Name, Chosen.IsDefault);
        entries.Clear();
        entries.AddRange(list.Entries.Select(EntryForm.Of));
        Default.Take(list.Default);
        Chosen = isDefault ? Default : entries.Find(entry => entry.Name == chosen) ?? Default;
    }

    public void Choose(EntryForm entry) => Chosen = entry;

    /// <summary>Before the default, with its terms.</summary>
    public void Add(string name)
    {
        var added = new EntryForm { Name = name };
        added.Take(Default.Terms with { ForWhom = new PolicyAudience.Everyone() });
        entries.Add(added);
        Chosen = added;
    }

    public void Remove(EntryForm entry)
    {
        entries.Remove(entry);
        Chosen = Chosen == entry ? Default : Chosen;
    }

    /// <param name="by">-1 is up, 1 is down.</param>
    public void Move(EntryForm entry, int by)
    {
        var (from, to) = (entries.IndexOf(entry), entries.IndexOf(entry) + by);
        if (to >= 0 && to < entries.Count)
        {
            (entries[from], entries[to]) = (entries[to], entries[from]);
        }
    }
}

/// <summary>One of them.</summary>
internal sealed class EntryForm
{
    public bool IsDefault { get; init; }
    public string Name { get; set; } = "";

    /// <summary>Whom it holds; of the default, whom it admits.</summary>
    public HashSet<long> Groups { get; } = [];

    /// <summary><c>Nobody</c>, <c>Groups</c> (of the default alone) or <c>Everyone</c>.</summary>
    public string ForWhom { get; set; } = "";
    public int Gates { get; set; }
    public HashSet<GateMethod> Methods { get; } = [];
    public HashSet<HelpRule> Help { get; } = [];
    public bool Unlock { get; set; }
    public bool TellsAdministrators { get; set; }

    /// <summary>Confirmed; it holds where it can happen.</summary>
    public bool QuestionsAlone { get; set; }

    public PolicyTerms Terms => Chosen with { QuestionsAlone = QuestionsAlone && Chosen.LetQuestionsAlone };

    private PolicyTerms Chosen =>
        new(
            ForWhom switch
            {
                nameof(PolicyAudience.Nobody) => new PolicyAudience.Nobody(),
                nameof(PolicyAudience.Groups) => new PolicyAudience.Groups([.. Groups.Order()]),
                _ => new PolicyAudience.Everyone(),
            },
            Gates,
            [.. Methods],
            Unlock
        )
        {
            Help = [.. Help],
            TellsAdministrators = TellsAdministrators,
        };

    public static EntryForm Of(PolicyEntry entry)
    {
        var form = new EntryForm { Name = entry.Name };
        form.Take(entry.Terms);
        form.Groups.UnionWith(entry.Groups);
        return form;
    }

    public void Take(PolicyTerms terms)
    {
        ForWhom = terms.ForWhom.GetType().Name;
        (Gates, Unlock) = (terms.Gates, terms.Unlock);
        Groups.Clear();
        Groups.UnionWith(terms.ForWhom is PolicyAudience.Groups { Ids: var ids } ? ids : []);
        Methods.Clear();
        Methods.UnionWith(terms.Methods);
        Help.Clear();
        Help.UnionWith(terms.Help);
        QuestionsAlone = terms.QuestionsAlone;
        TellsAdministrators = terms.TellsAdministrators;
    }
}
