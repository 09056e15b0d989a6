using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Writeback;
using PortalApp.Agents;

namespace PortalApp.Tests.Relay;

public sealed class EnvelopeTests : IDisposable
{
    private readonly Forge forge = new();

    public void Dispose() => forge.Dispose();

    [Theory]
    [InlineData("Correct-Horse-9")]
    [InlineData("Пароль-密码-🔑 \"\\ ")]
    [InlineData("\u0001\u001f\u007f\u2028<&'+")]
    public void What_the_portal_seals_its_agent_reads_unchanged(string password)
    {
        var requests = forge.OfEveryKind(password);

        Assert.Equal(Enum.GetValues<RequestKind>(), requests.Select(request => request.Kind));
        Assert.All(requests, request => Assert.Equal(Forge.Told(request), Forge.Told(Opened(forge.Open(forge.Sealed(request))))));
    }

    [Fact]
    [Trait("Case", "H79")]
    public void The_length_tells_neither_kind_nor_password()
    {
        string[] passwords = ["x", new('a', 256), new('密', 256), new('\u0001', 256), string.Concat(Enumerable.Repeat("🔑", 128))];

        var lengths = passwords.SelectMany(forge.OfEveryKind).Select(request => forge.Sealed(request).Length);

        Assert.Single(lengths.Distinct());
    }

    [Theory]
    [Trait("Case", "H89")]
    [InlineData(2048)]
    [InlineData(4096)]
    public void A_kind_of_a_newer_portal_opens_as_one_that_is_not_known_whatever_it_brings(int length)
    {
        var content = forge.Content(
            content =>
            {
                content["kind"] = 99;
                content["anchor"] = null;
                content["password"] = new byte[601];
                content["groups"] = new { deep = new[] { 1 } };
            },
            length
        );

        Assert.Equal(new WritebackRequest.Unsupported(forge.Header, 99), Opened(forge.Open(forge.Outer(forge.Inner(content)))));
    }

    [Fact]
    [Trait("Case", "H79")]
    public void Who_dumps_the_queue_sees_no_name_and_no_password()
    {
        var text = Encoding.ASCII.GetString(forge.Sealed());

        var header = Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text.Split('.')[0]));
        var names = System.Text.Json.JsonSerializer.Deserialize<Dictionary<string, string>>(header)!;
        Assert.Equal(["alg", "enc", "kid", "typ"], names.Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("anna", text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("Horse", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void As_many_agents_as_a_request_is_sealed_for_read_the_same_message_and_it_fits()
    {
        var agents = Enumerable.Range(0, ActiveAgents.MostRecipients).Select(_ => Forge.NewKey()).ToList();
        var recipients = agents.Select(agent => Forge.RecipientOf(agent)).ToList();

        var envelope = Envelope.Seal(forge.Request(), recipients, forge.TenantKey);

        Assert.True(envelope.Length <= RelayLimits.MaxMessageBytes, $"{envelope.Length} bytes");
        Assert.All(
            agents,
            agent =>
            {
                Opened(Envelope.Open(envelope, forge.Id.Value, new(forge.Tenant, agent, [forge.TenantKey])));
                agent.Dispose();
            }
        );
    }

    [Fact]
    public void An_agent_that_came_later_leaves_the_message_to_the_others()
    {
        using var later = Forge.NewKey();

        var opening = Envelope.Open(forge.Sealed(), forge.Id.Value, new(forge.Tenant, later, [forge.TenantKey]));

        Assert.IsType<EnvelopeOpening.NotForMe>(opening);
    }

    [Fact]
    public void A_broken_recipient_of_another_agent_does_not_stop_this_one()
    {
        using var other = Forge.NewKey();
        var inner = JsonNode.Parse(forge.Inner(recipients: [forge.Recipient(to: other), forge.Recipient()]))!;
        var ephemeral = inner["recipients"]![0]!["header"]!["epk"]!;
        ephemeral["x"] = new string('A', 43);
        ephemeral["y"] = new string('A', 43);

        Opened(forge.Open(forge.Outer(inner.ToJsonString())));
    }

    [Fact]
    public void A_key_of_an_earlier_generation_opens_as_long_as_the_ring_holds_it()
    {
        var earlier = new TenantKey(2, RandomNumberGenerator.GetBytes(32));
        var envelope = Envelope.Seal(forge.Request(), [forge.Myself], earlier);

        Opened(Envelope.Open(envelope, forge.Id.Value, new(forge.Tenant, forge.Agent, [earlier, forge.TenantKey])));
        Refused(forge.Open(envelope));
    }

    [Fact]
    [Trait("Case", "H72")]
    public void Another_tenants_message_is_refused_even_under_the_same_keys()
    {
        var other = new EnvelopeRing(new(8), forge.Agent, [forge.TenantKey]);
        var foreign = new EnvelopeRing(new(8), forge.Agent, [new TenantKey(3, RandomNumberGenerator.GetBytes(32))]);

        Refused(Envelope.Open(forge.Sealed(), forge.Id.Value, other));
        Refused(Envelope.Open(forge.Sealed(), forge.Id.Value, foreign));
    }

    [Fact]
    [Trait("Case", "H69")]
    public void A_captured_envelope_sent_under_a_new_id_is_refused() =>
        Refused(Envelope.Open(forge.Sealed(), RequestId.New().Value, forge.Ring));

    [Fact]
    [Trait("Case", "H108")]
    public void Keys_and_openings_print_no_secret()
    {
        var opening = forge.Open(forge.Sealed(forge.Request("Canary-4711")));

        Assert.DoesNotContain("Canary", opening.ToString(), StringComparison.Ordinal);
        Assert.Equal("(tenant key, generation 3)", forge.TenantKey.ToString());
    }

    internal static WritebackRequest Opened(EnvelopeOpening opening) => Assert.IsType<EnvelopeOpening.Opened>(opening).Request;

    private static void Refused(EnvelopeOpening opening) => Assert.IsType<EnvelopeOpening.Refused>(opening);
}
