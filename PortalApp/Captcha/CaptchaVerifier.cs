using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Throttle;

namespace PortalApp.Captcha;

/// <summary>
/// Checks a posted captcha, the cheapest question first: a stranger's junk costs no derivation and no row. Two portals, and one that was
/// restarted, refuse the same used challenge (H17).
/// </summary>
internal sealed class CaptchaVerifier(
    IDbContextFactory<PortalDb> databases,
    PortalKeys keys,
    Limits limits,
    TimeProvider clock,
    LogPerMinute lines,
    ILogger<CaptchaVerifier> logger
)
{
    /// <param name="payload">The form's field <c>altcha</c>, as it came.</param>
    public async Task<CaptchaVerdict> VerifyAsync(string? payload, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(payload))
        {
            return new CaptchaVerdict.Missing();
        }

        var posted = Parse(payload);
        var refusal = posted is null ? CaptchaRefusal.Malformed : await JudgeAsync(posted, cancellation);
        if (refusal is not { } why)
        {
            return new CaptchaVerdict.Passed(posted!.Challenge.Parameters.Data);
        }

        lines.Say($"captcha {why}", more => logger.CaptchaRefused(why, more));
        return new CaptchaVerdict.Refused(why);
    }

    /// <summary>A challenge, signed; issuing one costs an HMAC.</summary>
    public CaptchaChallenge New(CaptchaBinding purpose)
    {
        var parameters = CaptchaWork.New(purpose, limits.CaptchaRounds, clock.GetUtcNow() + limits.CaptchaLifetime);
        return new(parameters, CaptchaSeal.Sign(keys.Captcha, parameters));
    }

    /// <summary>The purpose of a second captcha, good for this name alone.</summary>
    public CaptchaBinding SecondFor(UserPrincipalName? name) =>
        new($"second {Convert.ToHexStringLower(FieldMac.Of(keys.Captcha, "second", name?.Value ?? ""))}");

    private async Task<CaptchaRefusal?> JudgeAsync(CaptchaPayload posted, CancellationToken cancellation)
    {
        var parameters = posted.Challenge.Parameters;
        if (!CaptchaSeal.IsGenuine(keys.Captcha, posted.Challenge))
        {
            return CaptchaRefusal.Forged;
        }

        if (clock.GetUtcNow().ToUnixTimeSeconds() > parameters.ExpiresAt)
        {
            return CaptchaRefusal.Expired;
        }

        if (!CaptchaWork.AreOurTerms(parameters, limits.CaptchaRounds))
        {
            return CaptchaRefusal.OtherTerms;
        }

        if (!await SpendAsync(parameters, cancellation))
        {
            return CaptchaRefusal.Spent;
        }

        return CaptchaWork.IsSolved(parameters, posted.Solution) ? null : CaptchaRefusal.Unsolved;
    }

    /// <summary>One statement: of any number of callers with the same challenge one gets true.</summary>
    private async Task<bool> SpendAsync(CaptchaParameters parameters, CancellationToken cancellation)
    {
        var expires = DateTimeOffset.FromUnixTimeSeconds(parameters.ExpiresAt).UtcTicks;
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "SpentChallenge" ("Nonce", "ExpiresAt") VALUES ({parameters.Nonce}, {expires})
                ON CONFLICT ("Nonce") DO NOTHING
                """,
                cancellation
            ) == 1;
    }

    private static CaptchaPayload? Parse(string payload)
    {
        Span<byte> json = stackalloc byte[Limits.CaptchaPayloadLength];
        if (payload.Length > Limits.CaptchaPayloadLength || !Convert.TryFromBase64String(payload, json, out var length))
        {
            return null;
        }

        try
        {
            return JsonSerializer.Deserialize(json[..length], CaptchaJson.Default.CaptchaPayload);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
