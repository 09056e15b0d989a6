using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Passwords.Hashes;
using PortalApp.Passwords.Rules;
using PortalApp.Tenants;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Users;

namespace PortalApp.Tests.Passwords;

/// <summary>What a password has to be that lives in the portal.</summary>
public sealed class PortalRulesTests
{
    private const string Good = "seven green lamps at night";

    [Theory]
    [InlineData("short", RuleBroken.TooShort)]
    [InlineData("🔑🔑🔑🔑🔑🔑🔑🔑", RuleBroken.TooShort)]
    [InlineData("password123456789", RuleBroken.Common)]
    [InlineData("hello annabel from the sea", RuleBroken.HasName)]
    [InlineData("hello @nnabe1 from the sea", RuleBroken.HasName)]
    [InlineData("", RuleBroken.Empty)]
    public async Task The_first_rule_that_is_broken_is_said(string typed, RuleBroken rule)
    {
        await using var portal = await PortalHost.StartAsync();

        Assert.Equal([rule], Assert.IsType<PolicyVerdict.Rejected>(await JudgeAsync(portal, typed)).Reasons);
    }

    [Fact]
    public async Task Neither_the_one_in_force_nor_one_of_the_last_five_is_taken_again()
    {
        await using var ground = await HomeGround.StartAsync(PasswordManagement.CloudOnly);
        var rules = ground.Portal.Services.GetRequiredService<PortalRules>();
        string[] row = [.. Enumerable.Range(0, 6).Select(n => $"{Good}, and {n} more of them")];
        foreach (var next in row)
        {
            await ground.AskAsync(RequestKind.Reset, next);
        }

        Assert.All(await Task.WhenAll(row.Select(JudgeAsync)), verdict => Assert.IsType<PolicyVerdict.Rejected>(verdict));
        Assert.IsType<PolicyVerdict.Accepted>(await JudgeAsync(HomeGround.Old));
        Assert.Equal(5, await ground.Portal.WithDbAsync(db => db.Set<EarlierPassword>().CountAsync()));

        Task<PolicyVerdict> JudgeAsync(string typed) => rules.JudgeAsync(ground.Anna, typed, default);
    }

    [Fact]
    public async Task One_that_was_breached_is_found_in_a_file_of_any_length_by_its_order()
    {
        var file = Path.GetTempFileName();
        string[] hashes = [.. Enumerable.Range(0, 500).Select(n => HashOf($"{Good} {n}")).Order(StringComparer.Ordinal)];
        await File.WriteAllLinesAsync(file, hashes.Select(hash => $"{hash}:12"));
        await using var portal = await PortalHost.StartAsync(services =>
            services.Configure<PasswordRuleOptions>(options => options.BreachedFile = file)
        );

        foreach (var known in new[] { 0, 1, 250, 499 })
        {
            Assert.Equal([RuleBroken.Breached], Assert.IsType<PolicyVerdict.Rejected>(await JudgeAsync(portal, $"{Good} {known}")).Reasons);
        }

        Assert.IsType<PolicyVerdict.Accepted>(await JudgeAsync(portal, $"{Good} 500"));
        File.Delete(file);
    }

    [Fact]
    public async Task Where_the_breached_ones_cannot_be_asked_for_nobody_is_stopped_and_the_log_says_so()
    {
        await using var portal = await PortalHost.StartAsync(services =>
            services.Configure<PasswordRuleOptions>(options => options.BreachedRange = "https://127.0.0.1:9/range/")
        );

        Assert.IsType<PolicyVerdict.Accepted>(await JudgeAsync(portal, Good));

        Assert.Contains("was not looked for among those that were breached", portal.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(HashOf(Good), portal.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_hash_of_fewer_rounds_is_made_anew_at_the_sign_in()
    {
        await using var ground = await HomeGround.StartAsync(PasswordManagement.CloudOnly);
        var weak = new PasswordHasher<User>(
            Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { IterationCount = 1000 })
        ).HashPassword(ground.Anna, HomeGround.Old);
        await ground.Portal.WithDbAsync(db => db.Set<UserPassword>().ExecuteUpdateAsync(set => set.SetProperty(p => p.Hash, weak)));

        Assert.True(await ground.SignsInAsync(HomeGround.Old));

        Assert.NotEqual(weak, await ground.Portal.WithDbAsync(db => db.Set<UserPassword>().Select(p => p.Hash).SingleAsync()));
        Assert.True(await ground.SignsInAsync(HomeGround.Old));
    }

#pragma warning disable CA5350 // The form in which breached passwords are given out.
    private static string HashOf(string text) => Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
#pragma warning restore CA5350

    private static async Task<PolicyVerdict> JudgeAsync(PortalHost portal, string typed)
    {
        var tenant = await portal.WithDbAsync(db => db.Set<Tenant>().Select(t => t.Id).FirstOrDefaultAsync());
        tenant = tenant == default ? await portal.AddTenantAsync("corp.test") : tenant;
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = tenant,
            UserPrincipalName = "annabel@corp.test",
        };
        return await portal.Services.GetRequiredService<PortalRules>().JudgeAsync(user, typed, default);
    }
}
