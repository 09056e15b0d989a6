using System.Text.Json;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Fixtures.Demo;

public sealed class DemoFileTests(ForestFixture forests)
{
    [Fact]
    public async Task It_tells_a_stranger_all_that_driving_the_demo_needs()
    {
        using var json = JsonDocument.Parse((await SampleAsync()).ToJson());
        var root = json.RootElement;

        Assert.Equal(
            [
                "portal",
                "outbox",
                "outboxFeed",
                "relay",
                "ldaps",
                "baseDn",
                "ca",
                "database",
                "accounts",
                "desk",
                "oidc",
                "directoryAdmin",
                "pids",
                "logs",
                "data",
            ],
            Names(root)
        );
        Assert.Equal(
            [
                "user",
                "user2",
                "user3",
                "disabled",
                "locked",
                "protected",
                "noContact",
                "cloud",
                "phs",
                "oidc",
                "two",
                "everything",
                "expired",
                "mustChange",
                "ended",
                "new",
            ],
            Names(root.GetProperty("accounts"))
        );
        Assert.All(
            root.GetProperty("accounts")
                .EnumerateObject()
                .Where(account => account.Name is not ("cloud" or "noContact" or "everything" or "new")),
            account => Assert.Equal(["upn", "dn", "password", "mail", "mobile", "office"], Names(account.Value))
        );
        Assert.Equal(["upn", "dn", "password", "mail"], Names(root.GetProperty("accounts").GetProperty("noContact")));
        Assert.Equal(["upn", "password", "mail"], Names(root.GetProperty("accounts").GetProperty("cloud")));
        var everything = root.GetProperty("accounts").GetProperty("everything");
        Assert.Equal(
            ["upn", "dn", "password", "mail", "mobile", "office", "questions", "totpSecret", "recoveryCodes", "passkey"],
            Names(everything)
        );
        Assert.Equal("Curlew", everything.GetProperty("questions").GetProperty("What was your first pet called?").GetString());
        Assert.Equal(["credentialId", "privateKey", "userHandle", "rpId"], Names(everything.GetProperty("passkey")));
        Assert.Equal(["signIn", "admin", "admin2", "helpdesk", "reader", "otherTenantAdmin"], Names(root.GetProperty("desk")));
        Assert.Equal(["upn", "password", "totpSecret"], Names(root.GetProperty("desk").GetProperty("admin")));
        Assert.Equal(["issuer", "user", "password"], Names(root.GetProperty("oidc")));
        Assert.Equal(["upn", "password"], Names(root.GetProperty("directoryAdmin")));
        Assert.Equal(["portal", "agent", "directory"], Names(root.GetProperty("pids")));
        Assert.Equal(["portal", "agent", "directory"], Names(root.GetProperty("logs")));
        Assert.Equal(["portal", "agent"], Names(root.GetProperty("data")));
        Assert.Equal("postgresql", root.GetProperty("database").GetString());
        Assert.Equal("wss://localhost:8443/$servicebus/websocket", root.GetProperty("relay").GetString());
        Assert.Equal("", root.GetProperty("accounts").GetProperty("noContact").GetProperty("mail").GetString());
    }

    [Fact]
    public async Task Its_addresses_end_without_a_slash_and_its_paths_are_absolute()
    {
        var file = await SampleAsync();

        Assert.All(
            [file.Portal, file.Outbox, file.OutboxFeed, file.Relay, file.Ldaps, file.Oidc.Issuer],
            address => Assert.False(address.EndsWith('/'))
        );
        Assert.All(
            [file.Ca, file.Logs.Portal, file.Logs.Agent, file.Logs.Directory, file.Data.Portal, file.Data.Agent],
            path => Assert.True(Path.IsPathFullyQualified(path))
        );
    }

    private static DemoSeat Seat(string name) => new($"{name}@desk-1.localhost", "secret", "JBSWY3DPEHPK3PXP");

    private static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(p => p.Name)];

    private async Task<DemoFile> SampleAsync() =>
        DemoFile.Of(
            "https://localhost:8443",
            null,
            await forests.StartedAsync(),
            "postgresql",
            new(
                new("https://localhost:8443/sign-in", Seat("admin"), Seat("admin2"), Seat("helpdesk"), Seat("reader"), Seat("other")),
                new("chris@cloud.test", null, "secret", "chris@private.example"),
                new("zoe@corp.test", "CN=Zoe", "secret", "zoe@private.example", "+31 612345001", "+31 201234501")
                {
                    Questions = new Dictionary<string, string> { ["What was your first pet called?"] = "Curlew" },
                    TotpSecret = "JBSWY3DPEHPK3PXP",
                    RecoveryCodes = ["0000-0000-0000-0000"],
                    Passkey = new("aWQ=", "a2V5", "MS5pZA==", "localhost"),
                },
                new("nora@cloud.test", null, "secret", "")
            ),
            new("https://127.0.0.1:8444", "lieke@oidc.corp.test", "secret"),
            new(1, 2, 3),
            new("/logs/portal.log", "/logs/agent.log", "/logs/directory.log"),
            new("/data/portal", "/data/agent")
        );
}
