namespace PortalApp.Tests.Operator;

public sealed class RelayCommandTests(OperatorPortal portal) : IClassFixture<OperatorPortal>
{
    private const string Key = "bm90IGEgcmVhbCBrZXk=";
    private const string Connection = $"Endpoint=sb://corp.servicebus.windows.net/;SharedAccessKeyName=portal;SharedAccessKey={Key}";

    [Fact]
    public async Task A_tenant_is_moved_to_its_own_Service_Bus_and_back_and_the_key_is_shown_nowhere()
    {
        var file = await FileAsync("portal.key", Connection + "\n");

        var set = await portal.RunAsync("tenant", "relay", "--tenant", portal.Tenant, "--service-bus-file", file);
        var shown = await portal.RunAsync("tenant", "relay", "--tenant", portal.Tenant);
        var audit = await portal.RunAsync("audit", "list", "--tenant", portal.Tenant);
        var left = await portal.RunAsync("tenant", "relay", "--tenant", portal.Tenant, "--embedded");

        Assert.Equal(
            (0, "sb://corp.servicebus.windows.net/", "sb://corp.servicebus.windows.net/"),
            (set.ExitCode, set.Output.Trim(), shown.Output.Trim())
        );
        Assert.Contains("relay set to portal at sb://corp.servicebus.windows.net/", audit.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, set.Output + set.Error + shown.Output + audit.Output, StringComparison.Ordinal);
        Assert.StartsWith("wss://localhost:8443/", left.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nothing of the kind", "is no connection string")]
    [InlineData("Endpoint=sb://corp.servicebus.windows.net/", "names no policy")]
    [InlineData(Connection + ";UseDevelopmentEmulator=true", "turns TLS off")]
    public async Task What_is_no_connection_string_is_refused_and_not_repeated(string text, string said)
    {
        var file = await FileAsync("wrong.key", text);

        var refused = await portal.RunAsync("tenant", "relay", "--tenant", portal.Tenant, "--service-bus-file", file);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Key, refused.Output + refused.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cannot be read", "--service-bus-file", "no-such-file")]
    [InlineData("not both", "--service-bus-file", "-", "--embedded")]
    public async Task A_command_line_that_cannot_be_meant_is_refused(string said, params string[] options)
    {
        var refused = await portal.RunAsync(["tenant", "relay", "--tenant", portal.Tenant, .. options]);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(said, refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_agent_nothing_can_be_sealed_for_a_test()
    {
        var refused = await portal.RunAsync("tenant", "relay", "test", "--tenant", portal.Tenant);

        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("No agent", refused.Error, StringComparison.Ordinal);
    }

    private async Task<string> FileAsync(string name, string text)
    {
        var file = Path.Combine(portal.Folder, name);
        await File.WriteAllTextAsync(file, text, TestContext.Current.CancellationToken);
        return file;
    }
}
