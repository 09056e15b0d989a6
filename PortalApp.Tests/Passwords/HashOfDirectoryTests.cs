using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.DirectorySync;
using Portal.Policy;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Passwords.Hashes;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Users;

namespace PortalApp.Tests.Passwords;

/// <summary>What the hash beside the directory's password is worth.</summary>
public class HashOfDirectoryTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    [Fact]
    public async Task A_later_set_in_the_directory_voids_it_and_an_earlier_one_that_replicates_late_does_not()
    {
        await using var ground = await StartAsync();

        await ground.SyncedAsync(ground.SetAt - Day);
        Assert.True(await ground.SignsInAsync(HomeGround.Old));
        await ground.SyncedAsync(ground.SetAt + TimeSpan.FromTicks(1));
        Assert.False(await ground.SignsInAsync(HomeGround.Old));
    }

    [Fact]
    public async Task One_that_the_directory_outdated_opens_nothing_when_passwords_move_into_the_portal_and_one_that_is_set_there_does()
    {
        await using var ground = await StartAsync();
        var passwords = ground.Portal.Services.GetRequiredService<UserPasswords>();
        await ground.SyncedAsync(ground.SetAt);
        Assert.True(await passwords.IsRightAsync(ground.Anna.Id, HomeGround.Old, default));

        await ground.SyncedAsync(ground.SetAt + TimeSpan.FromTicks(1));
        Assert.False(await passwords.IsRightAsync(ground.Anna.Id, HomeGround.Old, default));

        var hash = passwords.HashOf(NewPassword.TryCreate(HomeGround.Other)!);
        await ground.Portal.WithDbAsync(async db =>
        {
            await passwords.SetAsync(db, ground.Anna.Tenant, ground.Anna.Id, hash, default);
            return await db.SaveChangesAsync();
        });
        Assert.True(await passwords.IsRightAsync(ground.Anna.Id, HomeGround.Other, default));
    }

    [Theory]
    [InlineData(AccountShut.Disabled)]
    [InlineData(AccountShut.MustChange)]
    [InlineData(AccountShut.SmartCard)]
    public async Task An_account_that_lets_nobody_in_voids_it(AccountShut shut)
    {
        await using var ground = await StartAsync();

        await ground.SyncedAsync(ground.SetAt, shut);

        Assert.False(await ground.SignsInAsync(HomeGround.Old));
    }

    [Fact]
    public async Task An_account_that_has_ended_voids_it_from_that_moment_on()
    {
        await using var ground = await StartAsync();
        await ground.SyncedAsync(ground.SetAt, endsAt: ground.Portal.Clock.GetUtcNow() + Day);
        Assert.True(await ground.SignsInAsync(HomeGround.Old));

        ground.Portal.Clock.Skip(Day);

        Assert.False(await ground.SignsInAsync(HomeGround.Old));
    }

    [Fact]
    [Trait("Case", "H32")]
    public async Task Who_is_gone_signs_in_by_no_hash()
    {
        await using var ground = await StartAsync();

        await ground.Portal.WithDbAsync(db =>
            db.Set<User>().ExecuteUpdateAsync(set => set.SetProperty(u => u.GoneAt, ground.Portal.Clock.GetUtcNow()))
        );

        Assert.False(await ground.SignsInAsync(HomeGround.Old));
    }

    [Fact]
    public async Task An_outcome_that_does_not_say_when_leaves_it_to_the_directory_and_a_right_password_fills_it_again()
    {
        await using var ground = await StartAsync();
        await ground.AppliedAsync(RequestKind.Reset, HomeGround.Other, setAt: null);
        Assert.False(await ground.SignsInAsync(HomeGround.Other));
        Assert.False(await ground.SignsInAsync(HomeGround.Old));

        await ground.FillAsync(HomeGround.Other, ground.Portal.Clock.GetUtcNow());

        Assert.True(await ground.SignsInAsync(HomeGround.Other));
    }

    [Fact]
    public async Task A_password_of_which_no_hash_waited_leaves_none_of_the_one_before_it()
    {
        await using var ground = await StartAsync();

        await ground.AppliedAsync(RequestKind.AdministratorReset, HomeGround.Other, ground.SetAt + Day);

        Assert.Equal((false, false), (await ground.SignsInAsync(HomeGround.Old), await ground.SignsInAsync(HomeGround.Other)));
    }

    [Fact]
    public async Task A_question_that_was_asked_before_a_set_does_not_fill_over_it()
    {
        await using var ground = await StartAsync();
        await ground.AppliedAsync(RequestKind.Reset, HomeGround.Other, ground.SetAt + Day);

        await ground.FillAsync(HomeGround.Old, ground.SetAt);

        Assert.True(await ground.SignsInAsync(HomeGround.Other));
    }

    [Fact]
    public async Task A_late_outcome_never_overrides_a_newer_request()
    {
        await using var ground = await StartAsync();
        var late = await UnknownAsync(ground, HomeGround.Other);
        await ground.AppliedAsync(RequestKind.Change, HomeGround.Third, ground.SetAt + Day);

        await ground.SayAsync(late, new WritebackResult.Applied(false) { SetAt = ground.SetAt + (Day / 2) });

        Assert.Equal((false, true), (await ground.SignsInAsync(HomeGround.Other), await ground.SignsInAsync(HomeGround.Third)));
    }

    [Fact]
    public async Task A_late_outcome_never_overrides_what_was_set_in_the_directory_since()
    {
        await using var ground = await StartAsync();
        var late = await UnknownAsync(ground, HomeGround.Other);
        await ground.FillAsync(HomeGround.Third, ground.SetAt + Day);

        await ground.SayAsync(late, new WritebackResult.Applied(false) { SetAt = ground.SetAt + (Day / 2) });

        Assert.Equal((false, true), (await ground.SignsInAsync(HomeGround.Other), await ground.SignsInAsync(HomeGround.Third)));
    }

    [Fact]
    public async Task Several_that_fill_it_at_once_leave_one_and_fail_nobody()
    {
        await using var ground = await StartAsync();
        await ground.Portal.WithDbAsync(db => db.Set<UserPassword>().ExecuteDeleteAsync());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => ground.FillAsync(HomeGround.Other, ground.SetAt + Day))));

        Assert.True(await ground.SignsInAsync(HomeGround.Other));
    }

    [Fact]
    public async Task A_late_outcome_under_a_newer_unknown_one_leaves_neither()
    {
        await using var ground = await StartAsync();
        var late = await UnknownAsync(ground, HomeGround.Other);
        await UnknownAsync(ground, HomeGround.Third);
        Assert.True(await ground.SignsInAsync(HomeGround.Old));

        await ground.SayAsync(late, new WritebackResult.Applied(false) { SetAt = ground.SetAt + Day });

        foreach (var typed in new[] { HomeGround.Old, HomeGround.Other, HomeGround.Third })
        {
            Assert.False(await ground.SignsInAsync(typed));
        }
    }

    [Fact]
    [Trait("Case", "H43")]
    public async Task The_hash_that_waits_is_wrapped_and_is_wrapped_anew_by_a_new_key()
    {
        await using var ground = await StartAsync();
        var request = await ground.AskAsync(RequestKind.Reset);
        var held = (await ground.Portal.RowAsync(request)).PendingHash!;

        Assert.DoesNotContain("AQAAAA", Encoding.Latin1.GetString(held), StringComparison.Ordinal);
        Assert.Contains(ground.Portal.Services.GetServices<WrappedRows>(), rows => rows.What == "hashes that wait");
    }

    private static Task<HomeGround> StartAsync() => HomeGround.StartAsync(PasswordManagement.PasswordHashSync);

    /// <summary>Past the time in which it keeps its account for itself.</summary>
    private static async Task<string> UnknownAsync(HomeGround ground, string password)
    {
        var request = await ground.AskAsync(RequestKind.Reset, password);
        await ground.ClaimAsync(request);
        await ground.SayAsync(request, new WritebackResult.Unknown(WritebackReason.AnswerLost, null));
        ground.Portal.Clock.Skip(TimeSpan.FromMinutes(5));
        await Eventually.TrueAsync(
            async () =>
            {
                ground.Portal.Clock.Advance(TimeSpan.FromSeconds(1));
                return !(await ground.Portal.RowAsync(request)).Open;
            },
            TimeSpan.FromSeconds(20),
            "its time to be over"
        );
        return request;
    }
}

[OnPostgreSql]
public sealed class HashOfDirectoryTestsOnPostgreSql : HashOfDirectoryTests;
