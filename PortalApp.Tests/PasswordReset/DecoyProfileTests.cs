using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.PasswordReset.Decoys;
using PortalApp.PasswordReset.Flows;
using PortalApp.Policy;
using PortalApp.Secrets;
using PortalApp.Tests.Gates;
using PortalApp.Users;

namespace PortalApp.Tests.PasswordReset;

/// <summary>Names without an account, in a tenant where people have different ways to prove who they are.</summary>
public sealed class DecoyProfileTests
{
    private readonly WordGate words = new(99, "Say the words that we agreed on");

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H3")]
    [Trait("Case", "H4")]
    public async Task Methods_are_counted_over_the_accounts_and_dealt_in_their_shares()
    {
        await using var portal = await StartAsync();
        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        const int names = 4_000;

        var drawn = Enumerable
            .Range(0, names)
            .Select(i => Draw(portal, $"nobody{i.ToString(CultureInfo.InvariantCulture)}"))
            .CountBy(d => shares.DrawPage(d)?.ToString() ?? string.Join(' ', shares.DrawProfile(d).Methods))
            .ToDictionary();

        Assert.Equal(["99", "AlternateEmail", "AlternateEmail 99", "TooFewMethods"], drawn.Keys.Order(StringComparer.Ordinal));
        Assert.InRange(drawn["AlternateEmail"], names * 0.37, names * 0.43);
        Assert.InRange(drawn["AlternateEmail 99"], names * 0.27, names * 0.33);
        Assert.InRange(drawn["99"], names * 0.07, names * 0.13);
        Assert.InRange(drawn["TooFewMethods"], names * 0.17, names * 0.23);
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H3")]
    [Trait("Case", "H4")]
    public async Task Methods_masks_and_questions_are_dealt_together_as_people_have_them_together()
    {
        await using var portal = await ResetPortal.StartAsync();
        List<User> people = [];
        foreach (var (number, mail, mobile, office, questions) in Staff)
        {
            var address = mail is null ? null : $"name{number}@{mail}";
            var user = await portal.AddUserAsync($"staff{number}", address, mobile: mobile, office: office);
            people.Add(user);
            if (questions is { } after)
            {
                await portal.RegisterAnswersAsync(user, after);
            }
        }

        var held = await portal
            .Services.GetRequiredService<GateProfiles>()
            .OfAsync([.. people.Select(u => GatePerson.Of(u.Tenant, u.Id, u))], TestContext.Current.CancellationToken);
        var real = held.Values.CountBy(Look).ToDictionary();
        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        const int names = 5_000;
        var drawn = Enumerable
            .Range(0, names)
            .CountBy(i => Look(shares.DrawProfile(Draw(portal, $"nobody{i.ToString(CultureInfo.InvariantCulture)}"))))
            .ToDictionary();

        Assert.Equal(6, real.Count);
        Assert.Equal(real.Keys.Order(StringComparer.Ordinal), drawn.Keys.Order(StringComparer.Ordinal));
        // Four standard deviations.
        Assert.All(real, one => Assert.InRange((double)drawn[one.Key] / names - (double)one.Value / Staff.Length, -0.03, 0.03));

        static string Look(GateProfile profile) => string.Join('\n', profile.Held.Select(h => $"{h.Method} {h.Mask} {h.Questions}"));
    }

    /// <summary>Who has a mobile has it with one provider of mail; two sets of questions go with two kinds of people.</summary>
    private static readonly (int Number, string? Mail, string? Mobile, string? Office, int? QuestionsAfter)[] Staff =
    [
        (0, "gmail.example", "+31 612345611", null, null),
        (1, "gmail.example", "+31 612345611", null, null),
        (2, "gmail.example", "+31 612345611", null, null),
        (3, "gmail.example", "+31 612345622", null, 0),
        (4, "gmail.example", "+31 612345622", null, 0),
        (5, "mail.example", "+31 612345633", "+31 201234567", 4),
        (6, "mail.example", "+31 612345633", "+31 201234567", 4),
        (7, "mail.example", null, null, 4),
        (8, "mail.example", null, null, 0),
        (9, "mail.example", null, null, 0),
        (10, null, null, "+31 201234567", 4),
        (11, null, null, "+31 201234567", 4),
    ];

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H7")]
    public async Task Choosing_going_back_and_choosing_another_read_alike_for_a_decoy()
    {
        await using var portal = await StartAsync();
        var nobody = await NameWithAsync(portal, [GateMethod.AlternateEmail, words.Method]);

        var (real, made) = (await WalkAsync(portal, "both0"), await WalkAsync(portal, nobody));

        Assert.Equal(real, made);
    }

    [Fact]
    [Trait("Case", "H33")]
    public async Task A_policy_that_asks_for_more_than_there_is_ends_a_decoys_flow_as_a_real_one()
    {
        await using var portal = await StartAsync();
        var nobody = await NameWithAsync(portal, [GateMethod.AlternateEmail]);
        using var known = portal.NewPerson();
        using var unknown = portal.NewPerson();
        await known.BeginAsync("mail0@corp.test");
        await unknown.BeginAsync($"{nobody}@corp.test");
        await portal.RequireGatesAsync(2);

        Assert.Equal(ResetPaths.Result, (await known.GetAsync(ResetPaths.Verify)).Location);
        Assert.Equal(ResetPaths.Result, (await unknown.GetAsync(ResetPaths.Verify)).Location);
    }

    [Fact]
    public async Task A_real_flow_keeps_a_drawn_profile_as_well()
    {
        await using var portal = await StartAsync();
        using var known = portal.NewPerson();
        await known.BeginAsync("mail0@corp.test");

        var row = await portal.WithDbAsync(db => Task.FromResult(db.Set<Flow>().Single()));

        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        Assert.Equal(shares.DrawProfile(Draw(portal, "mail0")).ToText(), row.Drawn);
    }

    [Fact]
    [Trait("Case", "H1")]
    [Trait("Case", "H3")]
    public async Task A_policy_for_a_group_holds_for_names_without_an_account_as_often_as_for_real_ones()
    {
        await using var portal = await StartAsync();
        var both = new List<string>();
        foreach (var i in Enumerable.Range(0, 3))
        {
            both.Add(await portal.UserIdAsync($"both{i}@corp.test"));
        }

        var staff = await portal.AddGroupAsync("Staff", both);
        await portal.PublishAsync(new PolicyEntry("Staff", [staff], (await portal.PolicyAsync()).Terms with { Gates = 2 }));
        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        var nobody = await NameWithAsync(portal, [GateMethod.AlternateEmail, words.Method]);

        Assert.Equal([staff], shares.DrawGroups(Draw(portal, nobody)));
        Assert.Equal(await WalkAsync(portal, "both0"), await WalkAsync(portal, nobody));
        var drawn = Enumerable.Range(0, 4_000).Select(i => Draw(portal, $"nobody{i.ToString(CultureInfo.InvariantCulture)}"));
        Assert.InRange(drawn.Count(d => shares.DrawPage(d) is null && shares.DrawGroups(d).Count > 0), 4_000 * 0.27, 4_000 * 0.33);
    }

    /// <summary>What is seen, step by step, without what is random and the name itself.</summary>
    private async Task<List<string>> WalkAsync(ResetPortal portal, string name)
    {
        using var person = portal.NewPerson();
        List<Answer> seen = [await person.BeginAsync($"{name}@corp.test")];
        await SeeAsync(ResetPaths.Method);
        seen.Add(await person.ChooseAsync(GateMethod.AlternateEmail));
        await SeeAsync(ResetPaths.Verify);
        seen.Add(await person.TypeCodeAsync("12345678"));
        seen.Add(await person.TypeCodeAsync("abc"));
        seen.Add(await person.PostAsync(ResetPaths.Verify, Person.NewCodeForm));
        await SeeAsync(ResetPaths.Method);
        seen.Add(await person.ChooseAsync(words.Method));
        await SeeAsync(ResetPaths.Verify);
        seen.Add(await person.SayWordsAsync(words.Method, "open", "barley"));
        seen.Add(await person.SayWordsAsync(words.Method, "", ""));
        seen.Add(await person.ChooseAsync(GateMethod.AlternateEmail));
        await SeeAsync(ResetPaths.Verify);
        await SeeAsync(ResetPaths.Password);
        return [.. seen.Select(a => $"{a.Status} {a.Location}\n{a.Comparable.Replace(name, "*", StringComparison.Ordinal)}")];

        async Task SeeAsync(string path) => seen.Add(await person.GetAsync(path));
    }

    private static async Task<string> NameWithAsync(ResetPortal portal, GateMethod[] methods)
    {
        var shares = await portal.Services.GetRequiredService<ShareCount>().OfAsync(await portal.PolicyAsync());
        return Enumerable
            .Range(0, 1_000)
            .Select(i => $"nobody{i.ToString(CultureInfo.InvariantCulture)}")
            .First(name =>
                Draw(portal, name) is var d && shares.DrawPage(d) is null && shares.DrawProfile(d).Methods.SequenceEqual(methods)
            );
    }

    private static Decoy Draw(ResetPortal portal, string name) =>
        Decoy.Of(
            portal.Services.GetRequiredService<PortalKeys>().Decoy,
            portal.Tenant.Id,
            UserPrincipalName.TryParse($"{name}@corp.test")!
        );

    /// <summary>Four people have mail alone, three mail and words, one words alone, two nothing.</summary>
    private async Task<ResetPortal> StartAsync()
    {
        var portal = await ResetPortal.StartAsync(null, words);
        (string Name, int People, bool HasMail, bool HasWords)[] groups =
        [
            ("mail", 4, true, false),
            ("both", 3, true, true),
            ("words", 1, false, true),
            ("none", 2, false, false),
        ];
        foreach (var (name, people, hasMail, hasWords) in groups)
        {
            for (var i = 0; i < people; i++)
            {
                var user = await portal.AddUserAsync($"{name}{i}", hasMail ? $"{name}{i}@profile.example" : null);
                if (hasWords)
                {
                    words.Agreed[user.Id] = ("open", "sesame");
                }
            }
        }

        return portal;
    }
}
