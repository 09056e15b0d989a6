using System.Globalization;

namespace PortalApp.Tests.Operator;

public sealed class OperatorTests(OperatorPortal portal) : IClassFixture<OperatorPortal>
{
    /// <summary>The command, its exit code, and what its one sentence speaks of.</summary>
    private static readonly (string[] Command, int Code, string Says)[] Refusals =
    [
        (["tenant", "add", "Corp", "--helpdesk-phone", "+31 201234567"], 1, "already"),
        (["tenant", "add", "New", "--helpdesk-phone", "0201234567"], 1, "--helpdesk-phone"),
        (["tenant", "add", "New\nline", "--helpdesk-phone", "+31 201234567"], 1, "one line"),
        (["tenant", "set", "--tenant", "1"], 1, "nothing to set"),
        (["tenant", "set", "--tenant", "9", "--reset", "closed"], 1, "no tenant 9"),
        (["tenant", "set", "--tenant", "1", "--max-users", "0"], 1, "--max-users"),
        (["tenant", "set", "--tenant", "1", "--registration-wait", "200", "--name", "Changed"], 1, "--registration-wait: Write"),
        (["tenant", "set", "--tenant", "1", "--gates", "3", "--reset", "closed"], 1, "--gates"),
        (["tenant", "set", "--tenant", "1", "--helpdesk-email", "nobody", "--name", "Changed"], 1, "--helpdesk-email"),
        (["domain", "add", "corp.test", "--tenant", "1", "--password-management", "Federated"], 1, "belongs to tenant 1"),
        (["domain", "add", "new.test", "--tenant", "1", "--password-management", "2"], 2, "Federated"),
        (["domain", "provider", "set", "corp.test", .. At("https://127.0.0.1"), "--secret-file", "/nowhere"], 1, "--secret-file"),
        (["domain", "provider", "set", "corp.test", .. At("https://127.0.0.1"), "--secret-file", "/dev/null"], 1, "secret must be"),
        (["domain", "provider", "set", "cloud.test", .. At("https://127.0.0.1"), "--secret-file", "/dev/null"], 1, "Federated"),
        (["domain", "provider", "set", "new.test", .. At("https://127.0.0.1"), "--secret-file", "/dev/null"], 1, "no domain new.test"),
        (["domain", "provider", "set", "corp.test", .. At("http://127.0.0.1"), "--secret-file", "/etc/hostname"], 1, "--issuer"),
        (["domain", "provider", "set", "corp.test", .. At("https://127.0.0.1"), "--secret-file", "/etc/hostname"], 1, "Outbound:Allowed"),
        (["domain", "provider", "remove", "corp.test", "--tenant", "1"], 1, "has no provider"),
        (["domain", "provider", "unlink", "anna@cloud.test", "--tenant", "1"], 1, "linked to no account"),
        (["domain", "provider", "unlink", "nobody@cloud.test", "--tenant", "1"], 1, "no user nobody"),
        (["user", "add", "ben@corp.test"], 1, "sync"),
        (["user", "set", "nobody@corp.test", "--licensed", "true"], 1, "no user"),
        (["user", "set", "anna@cloud.test"], 1, "nothing to set"),
        (["user", "set", "anna@cloud.test", "--alternate-email", "ok@a.example", "--alternate-email", "nobody"], 1, "nobody"),
        (["user", "remove", "nobody@corp.test"], 1, "no user"),
        (["user", "remove", "nobody@nowhere.test"], 1, "domain"),
        (["user", "unlock", "nobody@corp.test"], 1, "no user"),
        (["user", "unlock", "nobody@nowhere.test"], 1, "domain"),
        (["user", "recovery-codes", "nobody@corp.test"], 1, "no user"),
        (["user", "list", "--tenant", "9"], 1, "no tenant 9"),
        (["agent", "revoke", "nobody"], 1, "no active agent"),
        (["audit", "list", "--tenant", "1", "--last", "0"], 2, "--last"),
        (["tenant", "set", "--tenant", "1", "--reset", "maybe"], 2, "closed"),
        (["user", "set", "anna@cloud.test", "--licensed", "maybe"], 2, "true"),
        (["nonsense"], 2, "nonsense"),
    ];

    private static string[] At(string issuer) => ["--tenant", "1", "--issuer", issuer, "--client-id", "portal"];

    [Fact]
    [Trait("Case", "H111")]
    public async Task Each_refusal_is_a_sentence_on_stderr_and_changes_nothing()
    {
        var before = await portal.StateAsync();
        foreach (var (command, code, says) in Refusals)
        {
            var outcome = await portal.RunAsync(command);

            Assert.True(code == outcome.ExitCode, $"{string.Join(' ', command)}: {outcome.ExitCode} {outcome.Error}");
            Assert.Contains(says, outcome.Error, StringComparison.OrdinalIgnoreCase);
            Assert.Matches(code == 1 ? @"\[4803\]\n\z" : @"\[4804\]\n\z", outcome.Error);
            Assert.Equal("", outcome.Output);
            Assert.DoesNotContain("   at ", outcome.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, await portal.StateAsync());
    }

    [Fact]
    public async Task A_command_that_did_nothing_ends_with_a_code_of_its_own_and_says_why_on_stderr()
    {
        var refused = await portal.RunProcessAsync("agent", "revoke", "nobody");
        var notUnderstood = await portal.RunProcessAsync("nonsense");

        Assert.Equal((1, ""), (refused.ExitCode, refused.Output));
        Assert.Equal("There is no active agent nobody; see: agent list. [4803]\n", refused.Error);
        Assert.Equal((2, ""), (notUnderstood.ExitCode, notUnderstood.Output));
        Assert.Matches(@"nonsense.* \[4804\]\n\z", notUnderstood.Error);
    }

    [Fact]
    public async Task What_a_command_hands_out_stands_alone_on_stdout()
    {
        Assert.Equal("1", portal.Tenant);
        var code = await portal.RunProcessAsync("agent", "code", "--tenant", portal.Tenant);
        var other = await portal.RunProcessAsync("tenant", "add", "Other", "--helpdesk-phone", "+31 207654321", "--gates", "2");

        Assert.Equal(0, code.ExitCode);
        Assert.Matches(@"\A[0-9A-Z]+(-[0-9A-Z]+)+\n\z", code.Output);
        Assert.True(int.Parse(other.Output, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture) > 1);
    }

    [Fact]
    public async Task The_master_key_may_come_from_systemd_alone()
    {
        var own = new OperatorPortal();
        await own.InitializeAsync();
        var (kept, credentials) = (Path.Combine(own.Folder, "data", "keys", "master.key"), Path.Combine(own.Folder, "credentials"));
        Directory.CreateDirectory(credentials);
        File.Move(kept, Path.Combine(credentials, "portal-master-key"));

        var with = await own.RunProcessWithAsync(credentials, "agent", "code", "--tenant", own.Tenant);
        var without = await own.RunProcessAsync("agent", "code", "--tenant", own.Tenant);

        Assert.Equal((0, ""), (with.ExitCode, with.Error));
        Assert.Equal((1, ""), (without.ExitCode, without.Output));
        Assert.Contains("MasterKeyFile", without.Error, StringComparison.OrdinalIgnoreCase);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_tenant_is_closed_and_its_helpdesk_changed_by_a_command()
    {
        var added = await portal.RunAsync("tenant", "add", "Third", "--helpdesk-phone", "+31 207654321");
        var tenant = added.Output.Trim();

        var closed = await portal.RunAsync("tenant", "set", "--tenant", tenant, "--reset", "closed", "--helpdesk-phone", "+32 21234567");
        var two = await portal.RunAsync("tenant", "set", "--tenant", tenant, "--gates", "2");

        Assert.Equal((0, "", ""), (closed.ExitCode, closed.Output, closed.Error));
        Assert.Contains("Third\t+32 21234567\t\tclosed\n", (await portal.RunAsync("tenant", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("helpdesk phone, reset closed set by", await AuditOfAsync(tenant), StringComparison.Ordinal);
        Assert.Equal(0, two.ExitCode);
        Assert.Contains("nobody of this tenant can reset", two.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Openings_of_the_tenants_key_are_counted_and_hide_nothing_else_in_the_audit()
    {
        var tenant = (await portal.RunAsync("tenant", "add", "Fourth", "--helpdesk-phone", "+31 201234567")).Output.Trim();
        await portal.OpenKeyAsync(tenant, times: 60);

        var audit = await portal.RunAsync("audit", "list", "--tenant", tenant);

        Assert.Contains("34110 TenantChanged", audit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("31018", audit.Output, StringComparison.Ordinal);
        Assert.Contains("opened 60 times", audit.Error, StringComparison.Ordinal);
        Assert.Contains("31018", (await portal.RunAsync("audit", "list", "--tenant", tenant, "--all")).Output, StringComparison.Ordinal);
    }

    private async Task<string> AuditOfAsync(string tenant) => (await portal.RunAsync("audit", "list", "--tenant", tenant)).Output;

    [Fact]
    public async Task What_was_set_is_listed_in_its_order_and_audited_with_who_set_it()
    {
        await portal.RunAsync(
            "user",
            "set",
            "anna@cloud.test",
            "--alternate-email",
            "first@a.example",
            "--alternate-email",
            "甲斐@黒川.日本"
        );
        Assert.Contains("first@a.example", (await portal.StateAsync()), StringComparison.Ordinal);

        await portal.RunAsync("user", "set", "anna@cloud.test", "--alternate-email", "甲斐@黒川.日本", "--enabled", "false");
        var state = await portal.StateAsync();
        var audit = (await portal.RunAsync("audit", "list", "--tenant", portal.Tenant, "--last", "1")).Output;

        Assert.Contains("甲斐@黒川.日本", state, StringComparison.Ordinal);
        Assert.DoesNotContain("first@a.example", state, StringComparison.Ordinal);
        Assert.Contains("not enabled", state, StringComparison.Ordinal);
        Assert.Contains("34111 UserChanged", audit, StringComparison.Ordinal);
        Assert.Contains("sudo by anna", audit, StringComparison.Ordinal);
        Assert.DoesNotContain("黒川", audit, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_is_removed_is_listed_as_gone_and_audited_by_name()
    {
        await portal.RunAsync("user", "add", "carl@cloud.test");

        var removed = await portal.RunAsync("user", "remove", "Carl@cloud.test");

        Assert.Equal((0, "", ""), (removed.ExitCode, removed.Output, removed.Error));
        var line = (await portal.StateAsync()).Split('\n').Single(l => l.Contains("carl@cloud.test\t", StringComparison.Ordinal));
        Assert.Contains("gone since 20", line, StringComparison.Ordinal);
        Assert.Contains("carl@cloud.test removed by", await AuditOfAsync(portal.Tenant), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_strangers_used_up_for_a_user_is_lifted_and_audited()
    {
        var lifted = await portal.RunAsync("user", "unlock", "Anna@cloud.test");

        Assert.Equal((0, "", ""), (lifted.ExitCode, lifted.Output, lifted.Error));
        Assert.Contains("the portal's limits of anna@cloud.test lifted by", await AuditOfAsync(portal.Tenant), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_in_the_organisations_own_domain_is_set_and_warned_of()
    {
        var outcome = await portal.RunAsync("user", "set", "anna@cloud.test", "--alternate-email", "anna@corp.test");

        Assert.Equal(0, outcome.ExitCode);
        Assert.Contains("Warning: anna@corp.test of anna@cloud.test", outcome.Error, StringComparison.Ordinal);
    }
}
