using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Agents;
using Portal.Relay.Envelopes;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Agents;

/// <summary>An agent's call whose token was verified and spent.</summary>
internal sealed record AgentCall<T>(EnrolledAgent Agent, T Body, CancellationToken Aborted);

/// <summary>Reads and verifies the agents' HTTPS calls; what fails is answered the same, whatever the reason.</summary>
internal sealed class AgentCalls(
    AgentStore agents,
    IDbContextFactory<PortalDb> databases,
    IOptions<PortalOptions> options,
    TimeProvider clock
)
{
    /// <summary>For every call but the sync, whose batches need <see cref="AgentApi.MaxBodyBytes"/>.</summary>
    private const int SmallBodyBytes = 64 * 1024;

    /// <param name="maxBytes">Of the body; a longer one is refused with 413, and without a token nothing of it is read.</param>
    public async Task<IResult> HandleAsync<T>(HttpContext context, Func<AgentCall<T>, Task<IResult>> handle, int maxBytes = SmallBodyBytes)
        where T : class
    {
        if (TokenOf(context) is not { } token)
        {
            return Unauthorised("no token");
        }

        if (await ReadBodyAsync(context, maxBytes) is not { } body)
        {
            return TooLarge();
        }

        EnrolledAgent? caller = null;
        var verdict = await AgentCallToken.VerifyAsync(
            token,
            options.Value.Origin,
            context.Request.Path,
            body,
            clock.GetUtcNow(),
            async kid =>
            {
                var signer = await agents.FindSignerAsync(kid, context.RequestAborted);
                caller = signer?.Agent;
                return signer?.Key;
            }
        );
        if (verdict is not AgentCallVerdict.Verified verified || caller is null || verified.AgentId != caller.Id)
        {
            return Unauthorised((verdict as AgentCallVerdict.Refused)?.Why ?? "another agent's key");
        }

        if (!await SpendAsync(caller, verified, context.RequestAborted))
        {
            return Unauthorised("used before");
        }

        return TryRead<T>(body) is { } read ? await handle(new(caller, read, context.RequestAborted)) : Malformed();
    }

    /// <summary>The enrolment: signed by the key that it brings.</summary>
    public async Task<(EnrolmentRequest? Request, IResult? Refusal)> ReadEnrolmentAsync(HttpContext context)
    {
        if (TokenOf(context) is not { } token)
        {
            return (null, Unauthorised("no token"));
        }

        if (await ReadBodyAsync(context, SmallBodyBytes) is not { } body)
        {
            return (null, TooLarge());
        }

        if (
            TryRead<EnrolmentRequest>(body) is not { } request
            || EnvelopeKeys.TryReadPublicJwk(request.SigningKey, "sig") is not { } signing
        )
        {
            return (null, Malformed());
        }

        var verdict = await AgentCallToken.VerifyAsync(
            token,
            options.Value.Origin,
            context.Request.Path,
            body,
            clock.GetUtcNow(),
            kid => Task.FromResult(kid == EnvelopeKeys.Thumbprint(signing) ? ECDsa.Create(signing) : null)
        );
        if (verdict is AgentCallVerdict.Refused refused)
        {
            return (null, Unauthorised(refused.Why));
        }

        return (request, null);
    }

    private static ProblemAnswer Unauthorised(string why) =>
        new(StatusCodes.Status401Unauthorized, "This call is not an enrolled agent's.", why);

    private static ProblemAnswer TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "The call is too large.");

    internal static ProblemAnswer Malformed() => new(StatusCodes.Status400BadRequest, "This call is not of the form that it must have.");

    private static string? TokenOf(HttpContext context)
    {
        var value = context.Request.Headers.Authorization;
        return value is [{ } only] && only.StartsWith("Bearer ", StringComparison.Ordinal) ? only["Bearer ".Length..] : null;
    }

    private static T? TryRead<T>(byte[] body)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(body, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return null;
        }

        using var body = new MemoryStream();
        var chunk = new byte[8192];
        int read;
        while ((read = await context.Request.Body.ReadAsync(chunk, context.RequestAborted)) > 0)
        {
            if (body.Length + read > maxBytes)
            {
                return null;
            }

            body.Write(chunk, 0, read);
        }

        return body.ToArray();
    }

    private async Task<bool> SpendAsync(EnrolledAgent caller, AgentCallVerdict.Verified call, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        return await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "SpentCall" ("TokenId", "Tenant", "ExpiresAt")
                VALUES ({call.Kid + call.TokenId}, {caller.Tenant.Value}, {call.Until.UtcTicks}) ON CONFLICT DO NOTHING
                """,
                cancellation
            ) == 1;
    }
}
