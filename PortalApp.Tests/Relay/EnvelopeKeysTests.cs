using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Portal.Relay.Envelopes;

namespace PortalApp.Tests.Relay;

public sealed class EnvelopeKeysTests
{
    /// <summary>The key of RFC 9449 §6.1, whose thumbprint (RFC 7638) stands there.</summary>
    private const string KnownX = "l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs";
    private const string KnownY = "9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA";

    [Fact]
    public void A_thumbprint_is_the_one_of_the_standard()
    {
        var key = Read($$"""{"kty":"EC","crv":"P-256","use":"enc","x":"{{KnownX}}","y":"{{KnownY}}"}""");

        Assert.Equal("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I", EnvelopeKeys.Thumbprint(key!.Value));
    }

    [Fact]
    public void A_public_key_survives_its_jwk_and_the_jwk_holds_no_private_part()
    {
        using var agent = Forge.NewKey();

        var jwk = EnvelopeKeys.PublicJwk(agent.ExportParameters(includePrivateParameters: true), "enc");

        Assert.Equal(["crv", "kty", "use", "x", "y"], jwk.EnumerateObject().Select(property => property.Name).Order());
        Assert.Equal(Forge.KidOf(agent), EnvelopeKeys.Thumbprint(EnvelopeKeys.TryReadPublicJwk(jwk, "enc")!.Value));
        Assert.Null(EnvelopeKeys.TryReadPublicJwk(jwk, "sig"));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"kty":"EC","crv":"P-256","use":"enc","x":"AAAA","y":"AAAA"}""")]
    [InlineData("""{"kty":"EC","crv":"P-256","use":"enc","x":7,"y":"AAAA"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","use":"enc","x":"{{KnownX}}","y":"{{KnownX}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-384","use":"enc","x":"{{KnownX}}","y":"{{KnownY}}"}""")]
    [InlineData($$"""{"kty":"EC","crv":"P-256","use":"enc","d":"AA","x":"{{KnownX}}","y":"{{KnownY}}"}""")]
    public void What_is_not_one_public_point_of_the_curve_is_no_key(string jwk) => Assert.Null(Read(jwk));

    [Fact]
    public void A_tenant_key_reaches_the_agent_it_was_sealed_to_and_no_other()
    {
        using var agent = Forge.NewKey();
        using var other = Forge.NewKey();
        var key = new TenantKey(5, RandomNumberGenerator.GetBytes(32));

        var jwe = EnvelopeKeys.SealTenantKey(key, agent.ExportParameters(includePrivateParameters: false));

        Assert.Equal(key.Bytes.ToArray(), EnvelopeKeys.TryOpenTenantKey(5, jwe, agent)!.Bytes.ToArray());
        Assert.Null(EnvelopeKeys.TryOpenTenantKey(5, jwe, other));
    }

    [Fact]
    [Trait("Case", "H68")]
    public void A_sealed_tenant_key_with_a_flipped_bit_does_not_open()
    {
        using var agent = Forge.NewKey();
        var jwe = EnvelopeKeys.SealTenantKey(
            new TenantKey(1, RandomNumberGenerator.GetBytes(32)),
            agent.ExportParameters(includePrivateParameters: false)
        );

        for (var place = 0; place < jwe.Length; place++)
        {
            var changed = jwe.ToCharArray();
            changed[place] ^= (char)1;
            Assert.Null(EnvelopeKeys.TryOpenTenantKey(1, new(changed), agent));
        }
    }

    [Fact]
    public void A_request_for_the_agent_is_not_taken_for_a_tenant_key()
    {
        using var forge = new Forge();

        Assert.Null(EnvelopeKeys.TryOpenTenantKey(3, Encoding.ASCII.GetString(forge.Sealed()), forge.Agent));
        Assert.Null(EnvelopeKeys.TryOpenTenantKey(3, "", forge.Agent));
    }

    private static ECParameters? Read(string jwk) => EnvelopeKeys.TryReadPublicJwk(JsonElement.Parse(jwk), "enc");
}
