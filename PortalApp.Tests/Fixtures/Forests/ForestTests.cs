using System.DirectoryServices.Protocols;

namespace PortalApp.Tests.Fixtures.Forests;

public sealed class ForestTests(ForestFixture forests)
{
    [Fact]
    public async Task A_password_set_by_the_delegated_account_binds_and_the_old_one_does_not()
    {
        var forest = await forests.StartedAsync();
        var account = NewAccount(forest, "Reset", ForestPopulation.StaffOu);
        var before = forest.Admin.WriteCount(account.Dn);

        var (code, _) = forest.Admin.ResetAs(Forest.AgentUpn, Forest.AgentPassword, account.Dn, "Пароль-密码-🔑-2031");

        Assert.Equal(ResultCode.Success, code);
        Assert.True(forest.Admin.Bind(account.Upn, "Пароль-密码-🔑-2031").Accepted);
        Assert.Equal(new BindAnswer(false, "52e"), forest.Admin.Bind(account.Upn, account.Password));
        Assert.Equal(before + 1, forest.Admin.WriteCount(account.Dn));
    }

    [Theory]
    [InlineData(Forest.AgentUpn, ForestPopulation.NoRightsOu)]
    [InlineData(Forest.AgentUpn, ForestPopulation.OtherTenantOu)]
    [InlineData(Forest.OtherAgentUpn, ForestPopulation.StaffOu)]
    public async Task A_delegated_account_cannot_reset_outside_its_own_OU(string agent, string ou)
    {
        var forest = await forests.StartedAsync();
        var account = NewAccount(forest, $"Outside{agent[4]}{ou[3]}", ou);
        var before = forest.Admin.WriteCount(account.Dn);

        var (code, _) = forest.Admin.ResetAs(agent, Forest.AgentPassword, account.Dn, "Another-Word-2031");

        Assert.Equal(ResultCode.InsufficientAccessRights, code);
        Assert.True(forest.Admin.Bind(account.Upn, account.Password).Accepted);
        Assert.Equal(before, forest.Admin.WriteCount(account.Dn));
    }

    [Theory]
    [InlineData("Short-2031!", "12 characters")]
    [InlineData("onlylowercaseletters", "complexity")]
    public async Task The_domain_asks_twelve_characters_of_three_kinds(string password, string reason)
    {
        var forest = await forests.StartedAsync();

        var (code, message) = forest.Admin.ResetAs(Forest.AgentUpn, Forest.AgentPassword, ForestPopulation.User3.Dn, password);

        Assert.Equal(ResultCode.ConstraintViolation, code);
        Assert.Contains(reason, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_domain_asks_no_minimum_age_and_locks_out_until_somebody_unlocks()
    {
        var forest = await forests.StartedAsync();

        Assert.Equal("12", forest.Admin.Read(Forest.BaseDn, "minPwdLength"));
        Assert.Equal("0", forest.Admin.Read(Forest.BaseDn, "minPwdAge"));
        Assert.Equal("5", forest.Admin.Read(Forest.BaseDn, "lockoutThreshold"));
        // As MS-ADTS writes "never over by itself".
        Assert.Equal("-9223372036854775808", forest.Admin.Read(Forest.BaseDn, "lockoutDuration"));
    }

    [Theory]
    [InlineData("lockoutTime", "0", ResultCode.Success)]
    [InlineData("pwdLastSet", "0", ResultCode.Success)]
    [InlineData("userAccountControl", "514", ResultCode.InsufficientAccessRights)]
    [InlineData("description", "mine", ResultCode.InsufficientAccessRights)]
    [InlineData("userPrincipalName", "mine@corp.test", ResultCode.InsufficientAccessRights)]
    public async Task A_delegated_account_unlocks_and_requires_a_change_and_writes_nothing_else(
        string attribute,
        string value,
        ResultCode expected
    )
    {
        var forest = await forests.StartedAsync();
        var account = NewAccount(forest, $"Least{attribute}", ForestPopulation.StaffOu);

        Assert.Equal(expected, forest.Admin.SetAttributeAs(Forest.AgentUpn, Forest.AgentPassword, account.Dn, attribute, value));
    }

    [Fact]
    public async Task A_fine_grained_policy_asks_sixteen_characters_of_one()
    {
        var forest = await forests.StartedAsync();

        var (code, message) = forest.Admin.ResetAs(
            Forest.AgentUpn,
            Forest.AgentPassword,
            ForestPopulation.LongPassword.Dn,
            "Fifteen-Chars-1"
        );

        Assert.Equal(ResultCode.ConstraintViolation, code);
        Assert.Contains("16 characters", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_delegated_account_reads_the_fine_grained_policy_that_applies()
    {
        var forest = await forests.StartedAsync();

        var policy = forest.Admin.ReadAs(Forest.AgentUpn, Forest.AgentPassword, ForestPopulation.LongPassword.Dn, "msDS-ResultantPSO");

        Assert.Equal("16", forest.Admin.ReadAs(Forest.AgentUpn, Forest.AgentPassword, policy!, "msDS-MinimumPasswordLength"));
        Assert.Null(
            forest.Admin.ReadAs(ForestPopulation.User2.Upn, ForestPopulation.User2.Password, policy!, "msDS-MinimumPasswordLength")
        );
    }

    [Fact]
    public async Task The_delegated_account_resets_and_unlocks_in_one_modify()
    {
        var forest = await forests.StartedAsync();
        var account = NewAccount(forest, "Unlocked", ForestPopulation.StaffOu);
        forest.Admin.LockOut(account.Dn);

        var (code, _) = forest.Admin.ResetAs(Forest.AgentUpn, Forest.AgentPassword, account.Dn, "Another-Word-2031", unlock: true);

        Assert.Equal(ResultCode.Success, code);
        Assert.True(forest.Admin.Bind(account.Upn, "Another-Word-2031").Accepted);
    }

    [Fact]
    public async Task The_people_that_tests_know_by_name_are_as_their_names_say()
    {
        var forest = await forests.StartedAsync();

        Assert.Equal("533", forest.Admin.Bind(ForestPopulation.Disabled.Upn, ForestPopulation.Disabled.Password).DataCode);
        Assert.Equal("775", forest.Admin.Bind(ForestPopulation.Locked.Upn, ForestPopulation.Locked.Password).DataCode);
        Assert.True(forest.Admin.Bind(ForestPopulation.Other[0].Upn, ForestPopulation.Other[0].Password).Accepted);
        Assert.Equal(ForestPopulation.User.Mobile, forest.Admin.Read(ForestPopulation.User.Dn, "mobile"));
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_an_account_until_it_is_unlocked()
    {
        var forest = await forests.StartedAsync();
        var account = NewAccount(forest, "Guessed", ForestPopulation.StaffOu);

        for (var i = 0; i < 5; i++)
        {
            forest.Admin.Bind(account.Upn, "wrong");
        }

        Assert.Equal("775", forest.Admin.Bind(account.Upn, account.Password).DataCode);
        forest.Admin.Unlock(account.Dn);
        Assert.True(forest.Admin.Bind(account.Upn, account.Password).Accepted);
    }

    private static ForestAccount NewAccount(Forest forest, string given, string ou)
    {
        var account = ForestPopulation.User with { Given = given, Surname = "Testfall", Ou = ou };
        forest.Admin.AddAccount(account);
        return account;
    }
}
