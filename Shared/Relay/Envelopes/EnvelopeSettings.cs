using Jose;

namespace Portal.Relay.Envelopes;

/// <summary>The library's settings with one algorithm pair left in each layer (RFC 8725 §3.1), and no compression (§3.6).</summary>
internal static class EnvelopeSettings
{
    public static JwtSettings Inner { get; } = With(JweAlgorithm.ECDH_ES_A256KW);

    public static JwtSettings Outer { get; } = With(JweAlgorithm.A256KW);

    private static JwtSettings With(JweAlgorithm only)
    {
        var settings = new JwtSettings();
        foreach (var algorithm in Enum.GetValues<JwsAlgorithm>())
        {
            settings.DeregisterJws(algorithm);
        }

        foreach (var algorithm in Enum.GetValues<JweAlgorithm>().Where(a => a != only))
        {
            settings.DeregisterJwa(algorithm);
        }

        foreach (var encryption in Enum.GetValues<JweEncryption>().Where(e => e != JweEncryption.A256GCM))
        {
            settings.DeregisterJwe(encryption);
        }

        settings.DeregisterCompression(JweCompression.DEF);
        return settings;
    }
}
