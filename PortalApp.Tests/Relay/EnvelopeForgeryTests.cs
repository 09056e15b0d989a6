using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Jose;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Base64Url = System.Buffers.Text.Base64Url;

namespace PortalApp.Tests.Relay;

/// <summary>Whoever holds some of the keys and writes by hand. <see cref="Forge"/> left alone opens: the refusals are for what each test changes.</summary>
public sealed class EnvelopeForgeryTests : IDisposable
{
    private readonly Forge forge = new();

    public void Dispose() => forge.Dispose();

    [Fact]
    public void The_forge_left_alone_writes_what_opens() => EnvelopeTests.Opened(forge.Open(forge.Outer(forge.Inner())));

    [Fact]
    [Trait("Case", "H67")]
    public void Without_the_tenants_key_nothing_opens()
    {
        Refused(forge.Outer(forge.Inner(), RandomNumberGenerator.GetBytes(32)));
        Refused(forge.Outer(forge.Inner(), change: header => header["kid"] = "4"));
        Refused(forge.Outer(forge.Inner(), change: header => header["kid"] = "../3"));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void Another_algorithm_outside_is_refused()
    {
        using var rsa = RSA.Create(2048);

        Refused(forge.Outer(forge.Inner(), rsa, algorithm: JweAlgorithm.RSA1_5));
        Refused(forge.Outer(forge.Inner(), algorithm: JweAlgorithm.DIR));
        Refused(forge.Outer(forge.Inner(), algorithm: JweAlgorithm.A256GCMKW));
        Refused(forge.Outer(forge.Inner(), encryption: JweEncryption.A256CBC_HS512));
        Refused(Unsigned("""{"alg":"none"}"""));
        Refused(Encoding.ASCII.GetBytes(Base64Url.EncodeToString("{\"alg\":\"none\"}"u8) + ".e30."));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void Another_algorithm_inside_is_refused()
    {
        using var rsa = RSA.Create(2048);
        var rsaInner = JWE.EncryptBytes(
            forge.Content(),
            [
                new(
                    JweAlgorithm.RSA1_5,
                    rsa,
                    new Dictionary<string, object>
                    {
                        ["kid"] = forge.Kid,
                        ["apu"] = "",
                        ["apv"] = "",
                        ["epk"] = "",
                    }
                ),
            ],
            JweEncryption.A256GCM,
            extraProtectedHeaders: new Dictionary<string, object> { ["typ"] = Forge.InnerType }
        );

        Refused(forge.Outer(rsaInner));
        Refused(forge.Outer(forge.Inner(recipients: [forge.Recipient(algorithm: JweAlgorithm.ECDH_ES_A128KW)])));
        Refused(forge.Outer(forge.Inner(encryption: JweEncryption.A256CBC_HS512)));
    }

    [Theory]
    [Trait("Case", "H67")]
    [InlineData("jwk")]
    [InlineData("jku")]
    [InlineData("x5c")]
    [InlineData("crit")]
    [InlineData("cty")]
    [InlineData("anything")]
    public void A_header_beyond_the_one_set_is_refused_on_either_layer(string name)
    {
        Refused(forge.Outer(forge.Inner(), change: header => header[name] = "x"));
        Refused(forge.Outer(forge.Inner(change: header => header[name] = "x")));
        Refused(forge.Outer(forge.Inner(recipients: [forge.Recipient(header => header[name] = "x")])));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void Another_type_is_refused_on_either_layer()
    {
        Refused(forge.Outer(forge.Inner(), change: header => header["typ"] = Forge.InnerType));
        Refused(forge.Outer(forge.Inner(), change: header => header["typ"] = "tenant-key+jwe"));
        Refused(forge.Outer(forge.Inner(change: header => header["typ"] = Forge.OuterType)));
        Refused(forge.Outer(forge.Inner(change: header => header.Remove("typ"))));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void An_envelope_without_its_inner_or_its_outer_layer_is_refused()
    {
        Refused(forge.Outer(Encoding.UTF8.GetString(forge.Content())));
        Refused(forge.Outer("the password itself"));
        Refused(Encoding.ASCII.GetBytes(forge.Inner()));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void A_recipient_is_mine_only_if_it_was_made_for_me_and_only_once()
    {
        using var other = Forge.NewKey();
        var relabelled = forge.Recipient(header => header["kid"] = forge.Kid, to: other);

        Refused(forge.Outer(forge.Inner(recipients: [relabelled])));
        Refused(forge.Outer(forge.Inner(recipients: [forge.Recipient(), forge.Recipient()])));
        Refused(forge.Outer(forge.Inner(recipients: [forge.Recipient(header => header["apu"] = Forge.Party("another request"))])));
        Assert.IsType<EnvelopeOpening.NotForMe>(
            forge.Open(forge.Outer(forge.Inner(recipients: [forge.Recipient(header => header["kid"] = "foreign")])))
        );
    }

    [Fact]
    [Trait("Case", "H67")]
    public void What_the_standard_allows_beside_the_protected_header_is_refused()
    {
        Refused(forge.Outer(forge.Inner(unprotected: new() { ["x"] = "y" })));
        Refused(forge.Outer(forge.Inner(aad: [1, 2, 3])));
        Refused(forge.Outer(forge.Inner().Replace("\"tag\":", "\"tag\":\"AA\",\"tag\":", StringComparison.Ordinal)));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void An_ephemeral_key_on_another_curve_or_off_the_curve_is_refused()
    {
        using var wide = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        var point = wide.ExportParameters(false).Q;

        Refused(
            WithEphemeralKey(
                new()
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-384",
                    ["x"] = Base64Url.EncodeToString(point.X),
                    ["y"] = Base64Url.EncodeToString(point.Y),
                }
            )
        );
        Refused(
            WithEphemeralKey(
                new()
                {
                    ["kty"] = "EC",
                    ["crv"] = "P-256",
                    ["x"] = Base64Url.EncodeToString(new byte[32]),
                    ["y"] = Base64Url.EncodeToString(new byte[32]),
                }
            )
        );
    }

    [Fact]
    [Trait("Case", "H68")]
    public void A_bit_flipped_anywhere_is_refused()
    {
        var envelope = forge.Sealed();
        var dots = envelope.Select((b, i) => (b, i)).Where(e => e.b == '.').Select(e => e.i).ToList();
        var ends = dots.Select(i => i - 1).Append(envelope.Length - 1);

        // Every byte of the short segments, the edges of the long one, and every 13th byte of it: each with all eight bits.
        var places = Enumerable
            .Range(0, envelope.Length)
            .Where(i => i < dots[2] + 40 || i > dots[3] - 40 || i % 13 == 0)
            .Concat(ends)
            .Distinct();
        foreach (var place in places)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                envelope[place] ^= (byte)(1 << bit);
                Assert.True(forge.Open(envelope) is EnvelopeOpening.Refused, $"byte {place}, bit {bit}");
                envelope[place] ^= (byte)(1 << bit);
            }
        }

        EnvelopeTests.Opened(forge.Open(envelope));
    }

    [Fact]
    [Trait("Case", "H68")]
    public void A_changed_recipient_key_text_or_tag_inside_is_refused_too()
    {
        var inner = JsonNode.Parse(forge.Inner())!.AsObject();
        foreach (var name in new[] { "encrypted_key", "iv", "ciphertext", "tag", "protected" })
        {
            var changed = inner.DeepClone().AsObject();
            var bytes = Base64Url.DecodeFromChars(changed[name]!.GetValue<string>());
            bytes[bytes.Length / 2] ^= 1;
            changed[name] = Base64Url.EncodeToString(bytes);

            Assert.IsType<EnvelopeOpening.Refused>(forge.Open(forge.Outer(changed.ToJsonString())));
        }
    }

    [Fact]
    [Trait("Case", "H71")]
    public void Oversized_compressed_and_password_based_envelopes_cost_nothing()
    {
        var bomb = new byte[64 * 1024 * 1024];
        var zipped = forge.Outer(Encoding.ASCII.GetString(bomb), compression: JweCompression.DEF);
        var zippedInside = forge.Outer(forge.Inner(content: bomb, compression: JweCompression.DEF));
        var iterations = Unsigned(
            """{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","p2c":2147483648,"p2s":"AAAA","typ":"portal-request+jwe","kid":"3"}"""
        );
        var clock = Stopwatch.StartNew();

        Refused(new byte[RelayLimits.MaxMessageBytes + 1]);
        Refused(zipped);
        Refused(zippedInside);
        Refused(forge.Outer(forge.Inner(), compression: JweCompression.DEF));
        Refused(forge.Outer(forge.Inner(compression: JweCompression.DEF)));
        Refused(iterations);

        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"{clock.Elapsed}");
    }

    [Fact]
    [Trait("Case", "H71")]
    public void Foreign_recipients_by_the_hundred_are_not_even_tried()
    {
        var one = JsonNode.Parse(forge.Inner())!.AsObject();
        var many = new JsonObject
        {
            ["protected"] = one["protected"]!.DeepClone(),
            ["iv"] = one["iv"]!.DeepClone(),
            ["ciphertext"] = "AAAA",
            ["tag"] = one["tag"]!.DeepClone(),
            ["recipients"] = new JsonArray([
                .. Enumerable
                    .Range(0, 200)
                    .Select(_ => new JsonObject
                    {
                        ["header"] = new JsonObject { ["kid"] = "x" },
                        ["encrypted_key"] = "",
                    }),
            ]),
        };

        Assert.IsType<EnvelopeOpening.NotForMe>(forge.Open(forge.Outer(many.ToJsonString())));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("....")]
    [InlineData("{}")]
    [InlineData("e30.AA.AA.AA.AA")]
    [InlineData("bm90IGpzb24.AA.AA.AA.AA")]
    [InlineData("W10.AA.AA.AA.AA")]
    public void Nonsense_is_refused_and_never_throws(string text) =>
        Assert.IsType<EnvelopeOpening.Refused>(forge.Open(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void An_authentic_message_that_is_no_request_is_refused()
    {
        Action<Dictionary<string, object?>>[] changes =
        [
            content => content["v"] = 2,
            content => content["kind"] = "Erase",
            content => content["tenant"] = "7",
            content => content["anchor"] = null,
            content => content["password"] = null,
            content => content["password"] = "",
            content => content["password"] = "Correct-Horse-9",
            content => content["password"] = new byte[3],
            content => content["password"] = Encoding.Unicode.GetBytes(new string('x', 257)),
            content => content["password"] = new byte[] { 0x3d, 0xd8 },
            content => content["deadline"] = long.MaxValue,
            content => content.Remove("issued"),
        ];
        Assert.All(changes, change => Refused(forge.Outer(forge.Inner(forge.Content(change)))));
        Refused(forge.Outer(forge.Inner(forge.Content(length: 2047))));
        Refused(forge.Outer(forge.Inner(forge.Content(content => content["id"] = "another"))));
        Refused(forge.Outer(forge.Inner(forge.Content(content => content["tenant"] = 8))));
    }

    private void Refused(byte[] envelope) => Assert.IsType<EnvelopeOpening.Refused>(forge.Open(envelope));

    private static byte[] Unsigned(string header) =>
        Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header)) + ".AAAA.AAAA.AAAA.AAAA");

    private byte[] WithEphemeralKey(JsonObject epk)
    {
        var inner = JsonNode.Parse(forge.Inner())!.AsObject();
        inner["header"]!["epk"] = epk;
        return forge.Outer(inner.ToJsonString());
    }
}
