using System.Security.Cryptography;
using System.Text;
using Agent.Relay;
using Jose;
using Portal.Agents;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Writeback;
using PortalApp.Tests.Fixtures.Forests;
using Base64Url = System.Buffers.Text.Base64Url;

namespace PortalApp.Tests.Relay;

/// <summary>Somebody at the relay, of either kind: who lays what they like into the queue, lays it again, keeps it back, reads it, or loses it.</summary>
public sealed class RelayHostileTests(ForestFixture forests)
{
    private const string Password = "Lantern-Quay-4471";
    private const string Newer = "Lantern-Quay-4472";

    public static TheoryData<RelayKind> Kinds => RelayContractTests.Kinds;

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H67")]
    [Trait("Case", "H71")]
    public async Task What_is_forged_is_dropped_with_one_alarm_and_writes_nothing(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Forged");
        var before = ground.Writes;
        foreach (var forged in Forgeries(ground))
        {
            await ground.LayAsync(RequestId.New(), forged);
        }

        await ground.DoneAsync();
        await ground.AlarmedAsync(AlarmKind.ForgedMessage);

        Assert.Equal(before, ground.Writes);
        Assert.Equal(0, ground.Portal.Claims);
        Assert.Equal(AlarmKind.ForgedMessage, Assert.Single(ground.Portal.Alarms).Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H68")]
    public async Task A_bit_flipped_anywhere_drops_the_message_and_says_the_same_of_each(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Flipped");
        var before = ground.Writes;
        var forge = ground.NewForge();
        var genuine = Encoding.ASCII.GetString(forge.Sealed(ground.Reset(forge, Password))).Split('.');
        for (var segment = 0; segment < genuine.Length; segment++)
        {
            var bytes = Base64Url.DecodeFromChars(genuine[segment]);
            bytes[bytes.Length / 2] ^= 1;
            string[] flipped = [.. genuine];
            flipped[segment] = Base64Url.EncodeToString(bytes);
            await ground.LayAsync(forge.Id, Encoding.ASCII.GetBytes(string.Join('.', flipped)));
        }

        await ground.DoneAsync();
        await ground.AlarmedAsync(AlarmKind.ForgedMessage);

        Assert.Equal(before, ground.Writes);
        Assert.Equal(0, ground.Portal.Claims);
        Assert.Equal(AlarmKind.ForgedMessage, Assert.Single(ground.Portal.Alarms).Kind);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H69")]
    [Trait("Case", "H77")]
    public async Task A_request_that_comes_again_and_again_writes_once_and_is_told(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Replayed");
        var before = ground.Writes;
        var forge = ground.NewForge();
        var genuine = forge.Sealed(ground.Reset(forge, Password));
        await ground.LayAsync(forge.Id, genuine);
        await ground.EndedAsync(forge.Id);

        for (var again = 0; again < 4; again++)
        {
            await ground.LayAsync(forge.Id, genuine);
        }

        await ground.DoneAsync();
        await ground.AlarmedAsync(AlarmKind.Redelivered);
        foreach (var losesJournal in new[] { false, true })
        {
            await ground.RestartAgentAsync(losesJournal);
            await ground.LayAsync(forge.Id, genuine);
            await ground.DoneAsync();
        }

        Assert.Equal(before + 1, ground.Writes);
        Assert.IsType<WritebackResult.Applied>(ground.Portal.OutcomeOf(forge.Id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H77")]
    [Trait("Case", "H84")]
    public async Task A_request_whose_lock_or_connection_is_lost_while_it_is_in_work_writes_once(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Unlocked");
        var before = ground.Writes;
        var forge = ground.NewForge();
        var (asked, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        ground.Portal.AtClaim = () =>
        {
            asked.TrySetResult();
            return released.Task;
        };
        await ground.LayAsync(forge.Id, forge.Sealed(ground.Reset(forge, Password)));
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);

        await ground.LoseAsync();
        released.SetResult();

        await ground.EndedAsync(forge.Id);
        await ground.DoneAsync();
        Assert.Equal(before + 1, ground.Writes);
        Assert.IsType<WritebackResult.Applied>(ground.Portal.OutcomeOf(forge.Id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H70")]
    public async Task What_the_relay_brings_long_after_its_deadline_is_dropped_however_genuine(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Late");
        var before = ground.Writes;
        var forge = ground.NewForge(age: TimeSpan.FromMinutes(7));
        await ground.LayAsync(forge.Id, forge.Sealed(ground.Reset(forge, Password)));

        await ground.DoneAsync();
        await ground.AlarmedAsync(AlarmKind.ExpiredMessage);

        Assert.Equal(before, ground.Writes);
        Assert.Equal(0, ground.Portal.Claims);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H72")]
    public async Task Another_tenants_request_in_this_ones_queue_is_a_forgery(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Foreign");
        var before = ground.Writes;
        using var theirs = new Forge { Agent = ground.NewForge().Agent, Issued = TimeProvider.System.GetUtcNow() };
        await ground.LayAsync(theirs.Id, theirs.Sealed(ground.Reset(theirs, Password)));

        await ground.DoneAsync();
        await ground.AlarmedAsync(AlarmKind.ForgedMessage);

        Assert.Equal(before, ground.Writes);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H78")]
    public async Task What_a_newer_request_overtook_never_lands_last(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Overtaken");
        var (older, newer) = (ground.NewForge(), ground.NewForge());
        var kept = older.Sealed(ground.Reset(older, Password));

        // The portal ends the older one before it opens the newer: nobody is granted it from then on.
        ground.Portal.GrantToCopy(older.Id);
        await ground.LayAsync(newer.Id, newer.Sealed(ground.Reset(newer, Newer)));
        await ground.EndedAsync(newer.Id);
        await ground.LayAsync(older.Id, kept);
        await ground.DoneAsync();

        Assert.True(ground.Opens(Newer));
        Assert.Null(ground.Portal.OutcomeOf(older.Id));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H79")]
    [Trait("Case", "H81")]
    public async Task Who_listens_with_a_stolen_credential_alone_reads_nothing_and_can_but_make_it_late(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Stolen");
        var before = ground.Writes;
        await ground.StopAgentAsync();
        await using var thief = await ground.Relay.NewAgent(ground.Tenant).ListeningAsync();
        var lengths = new HashSet<int>();
        foreach (var password in new[] { "Short-Quay-1", $"Long-Quay-1{new string('x', 200)}" })
        {
            var forge = ground.NewForge();
            await ground.LayAsync(forge.Id, forge.Sealed(ground.Reset(forge, password)));

            var stolen = await thief.NextAsync();

            using var own = Forge.NewKey();
            Assert.IsType<EnvelopeOpening.Refused>(Envelope.Open(stolen.Body, stolen.Id, new(ground.Tenant, own, [])));
            Assert.DoesNotContain(password, Encoding.ASCII.GetString(stolen.Body.Span), StringComparison.Ordinal);
            Assert.Equal(-1, stolen.Body.Span.IndexOf(Encoding.ASCII.GetBytes(ground.Anchor.ToString())));
            Assert.Equal(-1, stolen.Body.Span.IndexOf(Encoding.ASCII.GetBytes(ground.Account.Upn)));
            lengths.Add(stolen.Body.Length);
            await stolen.SettleAsync(Settlement.Dropped);
        }

        await ground.DoneAsync();
        Assert.Single(lengths);
        Assert.Equal(before, ground.Writes);
        await thief.DisposeAsync();
        await ground.StartAgentAsync();
        var next = ground.NewForge();
        await ground.LayAsync(next.Id, next.Sealed(ground.Reset(next, Password)));
        await ground.EndedAsync(next.Id);
        Assert.True(ground.Opens(Password));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    [Trait("Case", "H80")]
    public async Task A_flood_of_junk_at_one_tenant_holds_up_no_other(RelayKind kind)
    {
        await using var ground = await HostileGround.StartAsync(kind, forests, "Flooded");
        var flooded = await ground.Relay.NewTenantAsync();
        for (var sent = 0; sent < 400; sent += 50)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ground.LayAsync(flooded, RequestId.New(), "junk"u8.ToArray())));
        }

        var forge = ground.NewForge();
        await ground.LayAsync(forge.Id, forge.Sealed(ground.Reset(forge, Password)));

        await ground.EndedAsync(forge.Id);
        Assert.True(ground.Opens(Password));
        Assert.Empty(ground.Portal.Alarms);
    }

    private static IEnumerable<byte[]> Forgeries(HostileGround ground)
    {
        var forge = ground.NewForge();
        var genuine = forge.Content(content => content["anchor"] = ground.Anchor.ToString());
        yield return "junk"u8.ToArray();
        yield return RandomNumberGenerator.GetBytes(RelayLimits.MaxMessageBytes);
        yield return forge.Outer(forge.Inner(genuine), RandomNumberGenerator.GetBytes(32));
        yield return forge.Outer(forge.Inner(genuine), compression: JweCompression.DEF);
        yield return forge.Outer(forge.Inner(genuine, compression: JweCompression.DEF));
        yield return forge.Outer(forge.Inner(genuine), change: header => header["jwk"] = "x");
        yield return forge.Outer(Encoding.UTF8.GetString(genuine));
        yield return Encoding.ASCII.GetBytes(forge.Inner(genuine));
        yield return Headed("""{"alg":"none"}""");
        yield return Headed("""{"alg":"RSA1_5","enc":"A256GCM","typ":"portal-request+jwe","kid":"3"}""");
        yield return Headed(
            """{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2147483648,"p2s":"AAAA","typ":"portal-request+jwe","kid":"3"}"""
        );
    }

    private static byte[] Headed(string header) =>
        Encoding.ASCII.GetBytes($"{Base64Url.EncodeToString(Encoding.ASCII.GetBytes(header))}.AAAA.AAAA.AAAA.AAAA");
}
