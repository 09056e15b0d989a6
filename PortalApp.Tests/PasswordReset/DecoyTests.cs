using System.Globalization;
using System.Security.Cryptography;
using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.PasswordReset;
using PortalApp.PasswordReset.Decoys;

namespace PortalApp.Tests.PasswordReset;

public sealed class DecoyTests
{
    private const int Names = 20_000;
    private static readonly byte[] Key = SHA256.HashData("decoys"u8);
    private static readonly TenantId Tenant = new(1);

    /// <summary>100 accounts: 60 at the gate, 10 without licence, 30 with too few methods.</summary>
    private static readonly TenantShares Shares = new(
        [(RefusalCode.NoLicence, 10), (RefusalCode.TooFewMethods, 30)],
        [(new(GateMethod.AlternateEmail), Looks((["•••@e•••.org"], 15), (["•••@g•••.com"], 45)))]
    );

    private const GateMethod Word = (GateMethod)99;

    /// <summary>Of those at the gate 20 have mail, 10 a word, 30 both.</summary>
    private static readonly TenantShares Mixed = Shares with
    {
        Profiles =
        [
            (new(GateMethod.AlternateEmail), Looks((["•••@e•••.org"], 4), (["•••@g•••.com"], 16))),
            (new(Word, GateMethod.AlternateEmail), Looks(([null, "•••@e•••.org"], 6), ([null, "•••@g•••.com"], 24))),
            (new(Word), Looks(([null], 10))),
        ],
    };

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H3")]
    public void Names_without_an_account_get_each_page_in_the_tenants_shares()
    {
        var pages = Drawn(d => Shares.DrawPage(d)?.ToString() ?? "gate");

        Assert.Equal(["NoLicence", "TooFewMethods", "gate"], pages.Keys.Order(StringComparer.Ordinal));
        AssertShare(0.60, pages["gate"]);
        AssertShare(0.10, pages["NoLicence"]);
        AssertShare(0.30, pages["TooFewMethods"]);
    }

    [Fact]
    [Trait("Case", "H4")]
    public void Masks_are_drawn_from_the_tenants_own_addresses()
    {
        var masks = Drawn(d => MaskOf(Shares, d));

        Assert.Equal(["•••@e•••.org", "•••@g•••.com"], masks.Keys.Order(StringComparer.Ordinal));
        AssertShare(0.75, masks["•••@g•••.com"]);
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H4")]
    public void Methods_are_drawn_together_as_the_tenants_accounts_have_them()
    {
        var sets = Drawn(d => string.Join(' ', Mixed.DrawProfile(d).Methods));

        Assert.Equal(["99", "99 AlternateEmail", "AlternateEmail"], sets.Keys.Order(StringComparer.Ordinal));
        AssertShare(2 / 6.0, sets["AlternateEmail"]);
        AssertShare(3 / 6.0, sets["99 AlternateEmail"]);
        AssertShare(1 / 6.0, sets["99"]);
    }

    [Fact]
    public void Page_methods_and_mask_are_drawn_apart_from_each_other()
    {
        var together = Drawn(d => $"{Mixed.DrawPage(d)} {MaskOf(Mixed, d)}");

        AssertShare(0.60 * 5 / 6 * 0.80, together[" •••@g•••.com"]);
        AssertShare(0.10 * 1 / 6, together["NoLicence "]);
    }

    [Fact]
    [Trait("Case", "H4")]
    public void A_name_gets_the_same_each_time()
    {
        var name = UserPrincipalName.TryParse("nobody@corp.test")!;
        var spelled = UserPrincipalName.TryParse("  Nobody@CORP.test ")!;

        Assert.Equal(Decoy.Of(Key, Tenant, name), Decoy.Of(Key, Tenant, spelled));
    }

    /// <summary>Of 61 real accounts one is new: as many names may change what they show, all of them to what is new, and no other.</summary>
    [Fact]
    [Trait("Case", "H4")]
    public void An_account_more_changes_what_its_share_of_the_names_show_and_nothing_else()
    {
        const string added = "•••@a•••.net";
        var more = Shares with
        {
            Profiles = [(new(GateMethod.AlternateEmail), Looks(([added], 1), (["•••@e•••.org"], 15), (["•••@g•••.com"], 45)))],
        };

        var moved = Drawn(d =>
            MaskOf(Shares, d) is var before && MaskOf(more, d) is var after && before != after ? $"to {after}" : "stays"
        );

        Assert.Equal(["stays", $"to {added}"], moved.Keys.Order(StringComparer.Ordinal));
        AssertShare(1 / 61.0, moved[$"to {added}"]);
    }

    [Fact]
    public void Another_tenant_another_name_and_another_key_each_deal_anew()
    {
        var name = UserPrincipalName.TryParse("nobody@corp.test")!;
        var one = Decoy.Of(Key, Tenant, name);

        Assert.NotEqual(one, Decoy.Of(Key, new TenantId(2), name));
        Assert.NotEqual(one, Decoy.Of(SHA256.HashData("others"u8), Tenant, name));
        Assert.NotEqual(one, Decoy.Of(Key, Tenant, UserPrincipalName.TryParse("nobody2@corp.test")!));
    }

    [Fact]
    public void A_page_that_no_account_gets_is_dealt_to_nobody()
    {
        var all = Shares with { Refused = [] };
        var none = new TenantShares([], []);

        Assert.Equal(["gate"], Drawn(d => all.DrawPage(d)?.ToString() ?? "gate").Keys);
        Assert.Equal(["TooFewMethods"], Drawn(d => none.DrawPage(d)?.ToString() ?? "gate").Keys);
    }

    [Fact]
    public void A_decoys_subject_looks_like_a_users_id() =>
        Assert.Equal(
            Portal.Writeback.CloudAnchor.New().Value.Length,
            Decoy.Of(Key, Tenant, UserPrincipalName.TryParse("nobody@corp.test")!).Subject.Length
        );

    /// <summary>What of each method is shown together, of so many accounts.</summary>
    private static LookTree Looks(params (string?[] Masks, int Accounts)[] all) =>
        LookTree.Of([.. all.Select(one => ((IReadOnlyList<GateLook>)[.. one.Masks.Select(mask => new GateLook(mask))], one.Accounts))]);

    private static string MaskOf(TenantShares shares, Decoy decoy) => shares.DrawProfile(decoy).Of(GateMethod.AlternateEmail)?.Mask ?? "";

    private static Dictionary<string, int> Drawn(Func<Decoy, string> draw) =>
        Enumerable
            .Range(0, Names)
            .Select(i => UserPrincipalName.TryParse(string.Create(CultureInfo.InvariantCulture, $"name{i}@corp.test"))!)
            .CountBy(name => draw(Decoy.Of(Key, Tenant, name)))
            .ToDictionary();

    /// <summary>Within four standard deviations; the key is fixed, so the figure is the same in each run.</summary>
    private static void AssertShare(double expected, int count) =>
        Assert.InRange((double)count / Names, expected - Spread(expected), expected + Spread(expected));

    private static double Spread(double share) => 4 * Math.Sqrt(share * (1 - share) / Names);
}
