using System.Text;
using System.Text.Json;
using Microsoft.Playwright;

namespace PortalApp.Tests.Fixtures.Browsers;

/// <summary>A device with passkeys in it, by which Chromium answers on one page without asking anybody (its protocol's WebAuthn).</summary>
internal sealed class VirtualDevice(ICDPSession session, string authenticator)
{
    public static async Task<VirtualDevice> PlugInAsync(IPage page)
    {
        var session = await page.Context.NewCDPSessionAsync(page);
        await session.SendAsync("WebAuthn.enable");
        var added = await session.SendAsync(
            "WebAuthn.addVirtualAuthenticator",
            new Dictionary<string, object>
            {
                ["options"] = new
                {
                    protocol = "ctap2",
                    transport = "internal",
                    hasResidentKey = true,
                    hasUserVerification = true,
                    isUserVerified = true,
                    automaticPresenceSimulation = true,
                },
            }
        );
        return new(session, added!.Value.GetProperty("authenticatorId").GetString()!);
    }

    public Task<JsonElement?> AddAsync(SoftPasskey passkey) =>
        session.SendAsync(
            "WebAuthn.addCredential",
            new Dictionary<string, object>
            {
                ["authenticatorId"] = authenticator,
                ["credential"] = new
                {
                    credentialId = Convert.ToBase64String(passkey.CredentialId),
                    isResidentCredential = true,
                    rpId = "localhost",
                    privateKey = Convert.ToBase64String(passkey.PrivateKey),
                    userHandle = Convert.ToBase64String(Encoding.UTF8.GetBytes(passkey.UserHandle)),
                    signCount = 0,
                },
            }
        );
}
