namespace PortalApp.PasswordReset.Decoys;

/// <summary>What one method shows of somebody, before it and at it.</summary>
/// <param name="Questions">As <see cref="Gates.GateHolding.Questions"/>.</param>
internal readonly record struct GateLook(string? Mask, string? Questions = null)
{
    /// <summary>The same for two that look the same.</summary>
    public string Name => $"{Mask} {Questions}";
}

/// <summary>
/// What real people show who are offered the same: of the first method, beneath each that of the next one, and so on. So a name without an account
/// shows together what somebody shows together.
/// </summary>
/// <param name="Accounts">How many there are.</param>
internal sealed record LookTree(int Accounts, IReadOnlyList<(GateLook Look, LookTree Next)> Branches)
{
    /// <param name="all">What accounts show, method by method, each with as many methods.</param>
    /// <param name="at">The method whose branches are made.</param>
    public static LookTree Of(IReadOnlyCollection<(IReadOnlyList<GateLook> Looks, int Accounts)> all, int at = 0) =>
        new(
            all.Sum(one => one.Accounts),
            [.. all.Where(one => at < one.Looks.Count).GroupBy(one => one.Looks[at]).Select(same => (same.Key, Of([.. same], at + 1)))]
        );

    /// <summary>Method by method, by the shares of those who show the same before it.</summary>
    public IReadOnlyList<GateLook> Draw(Decoy decoy)
    {
        List<GateLook> drawn = [];
        for (var tree = this; tree.Branches.Count > 0; )
        {
            var before = string.Join('\n', drawn.Select(look => look.Name));
            (var look, tree) = decoy.Draw(
                $"look after {before}",
                tree.Branches.Select(branch => (branch, branch.Look.Name, branch.Next.Accounts))
            );
            drawn.Add(look);
        }

        return drawn;
    }
}
