using System.Buffers.Binary;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PortalApp.Tests.Fixtures.Browsers;

/// <summary>
/// Does the captcha's work as a browser does, from the public format alone (it shares no code with the portal), for tests that post forms
/// without a browser. About half a second.
/// </summary>
internal static class CaptchaSolver
{
    /// <summary>The value of the form's field <c>altcha</c>.</summary>
    public static async Task<string> SolveAsync(HttpClient portal, CancellationToken cancellation)
    {
        var challenge = await portal.GetFromJsonAsync<JsonObject>("/captcha/challenge", cancellation);
        return Solve(challenge!);
    }

    public static string Solve(JsonObject challenge)
    {
        var parameters = challenge["parameters"]!;
        var salt = Convert.FromHexString((string)parameters["salt"]!);
        var prefix = (string)parameters["keyPrefix"]!;
        byte[] password = [.. Convert.FromHexString((string)parameters["nonce"]!), 0, 0, 0, 0];
        for (uint counter = 0; ; counter++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(password.AsSpan(password.Length - sizeof(uint)), counter);
            var rounds = (int)parameters["cost"]!;
            var length = (int)parameters["keyLength"]!;
            var key = Convert.ToHexStringLower(Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA256, length));
            if (key.StartsWith(prefix, StringComparison.Ordinal))
            {
                return Payload(challenge, counter, key);
            }
        }
    }

    public static string Payload(JsonObject challenge, uint counter, string derivedKey)
    {
        var payload = new JsonObject
        {
            ["challenge"] = challenge.DeepClone(),
            ["solution"] = new JsonObject { ["counter"] = counter, ["derivedKey"] = derivedKey },
        };
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(payload));
    }
}
