using System.Security.Cryptography.X509Certificates;

namespace Agent.Relay;

/// <summary>Where a relay is, and as whom to enter. Cannot print its secret.</summary>
/// <param name="address"><c>wss</c>, with the path.</param>
/// <param name="user">SASL PLAIN user: the agent's id.</param>
/// <param name="secret">SASL PLAIN password: the agent's own relay secret.</param>
/// <param name="roots">Trusted instead of the machine's own roots, where given; the name must fit either way (H63).</param>
internal sealed class RelayEndpoint(Uri address, string user, string secret, X509Certificate2Collection? roots)
{
    public Uri Address => address;

    public string User => user;

    public string Secret => secret;

    public X509Certificate2Collection? Roots => roots;

    public override string ToString() => $"{user} at {address}";
}
