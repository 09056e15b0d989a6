using PortalApp.Audit;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Audit;

/// <summary>The audit on its way to a receiver that is real, away, or falls over.</summary>
public sealed class AuditShippingTests : IAsyncLifetime
{
    private readonly string folder = Repository.NewFolder("syslog");
    private TestCertificates authority = null!;
    private SyslogReceiver receiver = null!;
    private AuditGround ground = null!;

    public async ValueTask InitializeAsync()
    {
        authority = await TestCertificates.OpenOrCreateAsync(folder);
        receiver = new(authority.Issue(folder, "receiver", ["localhost"], []));
        ground = await AuditGround.StartAsync(options => To(options, authority.AuthorityFile));
    }

    public async ValueTask DisposeAsync()
    {
        await ground.DisposeAsync();
        await receiver.DisposeAsync();
        authority.Dispose();
    }

    [Fact]
    [Trait("Case", "H111")]
    public async Task Each_entry_arrives_once_in_order_with_its_seal_whatever_stands_in_it()
    {
        const string nasty = "a \"quoted\" \\ ] [x=\"y\"] <13>1 line\r\n<14>1 forged Ωmega";
        await ground.WriteAsync(nasty);
        await ground.WriteManyAsync(3);
        await ArrivedAsync();

        var lines = receiver.Lines.Where(line => line.Data.GetValueOrDefault("tenant") == ground.Tenant.ToString()).ToList();
        Assert.Empty(receiver.Complaints);
        var seals = await ground.SealsAsync();
        Assert.Equal(
            seals.Select(s => $"{s.Number} {Convert.ToBase64String(s.Mac)}"),
            lines.Select(l => $"{l.Data["number"]} {l.Data["seal"]}")
        );
        Assert.Equal((await ground.EntriesAsync()).Select(e => e.Detail ?? ""), lines.Select(l => l.Text));
        var last = lines[^1];
        Assert.Equal(("portal.example", "34111", "Operator anna"), (last.Host, last.Event, last.Data["by"]));
        Assert.Equal(("User somebody", "ABCD-EFGH"), (last.Data["of"], last.Data["trace"]));
    }

    [Fact]
    public async Task Nothing_is_lost_over_an_hour_without_the_receiver_and_that_is_said_once()
    {
        await receiver.StopAsync();
        for (var minute = 0; minute < 60; minute += 5)
        {
            await ground.WriteAsync($"minute {minute}");
            ground.Portal.Clock.Skip(TimeSpan.FromMinutes(5));
            ground.Portal.Clock.Advance(TimeSpan.FromSeconds(11));
        }

        await SaidAsync(ground, 31095);
        Assert.Empty(receiver.Lines);
        receiver.Start();
        await ArrivedAsync();

        await SaidAsync(ground, 31096);
        Assert.Single(ground.Portal.Log.Of(31095));
        Assert.Single(ground.Portal.Log.Of(31096));
    }

    [Fact]
    public async Task What_a_receiver_had_read_when_it_fell_comes_again_with_the_rest()
    {
        receiver.FallsAfter = 4;
        await ground.WriteManyAsync(10);

        await ArrivedAsync();

        Assert.True(receiver.Lines.Count > (await AllAsync()).Count, "Nothing came again: the receiver did not fall.");
    }

    [Fact]
    public async Task A_receiver_that_is_not_trusted_gets_nothing()
    {
        await using var trusting = await AuditGround.StartAsync(options => To(options, null));
        await trusting.WriteAsync("not for everybody");
        await SaidAsync(trusting, 31095);

        Assert.Empty(receiver.Lines);
        Assert.Contains("certificate", Assert.Single(trusting.Portal.Log.Of(31095)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_not_shipped_is_kept_whatever_its_age()
    {
        await using var keeping = await AuditGround.StartAsync(options => To(options, authority.AuthorityFile));
        await receiver.StopAsync();
        await keeping.WriteAsync("old and unheard");
        await keeping.SealAsync();
        keeping.Portal.Clock.Skip(TimeSpan.FromHours(25));
        await keeping.ForgetOldAsync();

        Assert.Contains(await keeping.EntriesAsync(), a => a.Detail == "old and unheard");
    }

    private void To(AuditOptions options, string? ca) =>
        options.Syslog = new()
        {
            Host = "localhost",
            Port = receiver.Port,
            Ca = ca,
        };

    private static Task SaidAsync(AuditGround ground, int line) =>
        Eventually.TrueAsync(
            () =>
            {
                ground.Portal.Clock.Advance(TimeSpan.FromSeconds(11));
                return ground.Portal.Log.Of(line).Count > 0;
            },
            TimeSpan.FromSeconds(30),
            $"line {line} of the log",
            TestContext.Current.CancellationToken
        );

    private async Task<IReadOnlyList<string>> AllAsync() => [.. (await ground.SealsAsync()).Select(s => Convert.ToBase64String(s.Mac))];

    /// <summary>Each at least once, and none before one that is older.</summary>
    private async Task ArrivedAsync()
    {
        await ground.SealAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                ground.Portal.Clock.Advance(TimeSpan.FromSeconds(11));
                return (await AllAsync()).All(seal => receiver.Lines.Any(line => line.Data["seal"] == seal));
            },
            TimeSpan.FromSeconds(30),
            "all of the audit",
            TestContext.Current.CancellationToken
        );
        var first = receiver.Lines.Where(line => line.Data.GetValueOrDefault("tenant") == ground.Tenant.ToString());
        Assert.Equal(await AllAsync(), first.Select(line => line.Data["seal"]).Distinct());
    }
}
