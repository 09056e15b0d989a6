using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Portal.Agents;
using Portal.Relay.Envelopes;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Throttle;

namespace PortalApp.Agents;

/// <summary>An agent's call whose token was verified and spent.</summary>
internal sealed record AgentCall<T>(EnrolledAgent Agent, T Body, NetworkPrefix From, CancellationToken Aborted);

/// <summary>Takes the agents' HTTPS calls: token, then body, then JSON. What fails is answered the same, whatever the reason.</summary>
internal sealed class AgentCalls(IDbContextFactory<PortalDb> databases, PaceCount pace, IOptions<PortalOptions> options, TimeProvider clock)
{
    /// <summary>For every call but the sync, whose batches need <see cref="AgentApi.MaxBodyBytes"/>.</summary>
    private const int SmallBodyBytes = 64 * 1024;
    private const string AnotherBody = "for another body";

    /// <param name="maxBytes">Of the body; a longer one is refused with 413, and nothing of it is read before the token is verified.</param>
    /// <param name="most">Such calls of one agent; beyond it 429 says when to come again.</param>
    public async Task<IResult> HandleAsync<T>(
        HttpContext context,
        Func<AgentCall<T>, Task<IResult>> handle,
        int maxBytes = SmallBodyBytes,
        Limit? most = null
    )
        where T : class
    {
        var authenticated = await context.AuthenticateAsync(AgentCallAuthentication.SchemeName);
        if (authenticated.Principal?.Identity is not AgentCallIdentity caller)
        {
            return Unauthorised(authenticated.Failure?.Message ?? "no token");
        }

        if (most is not null && pace.Take(most, caller.Agent.Id) is { } wait)
        {
            return TooMany(context, caller.Agent, wait);
        }

        if (await ReadBodyAsync(context, maxBytes) is not { } body)
        {
            return TooLarge();
        }

        if (await RefuseAsync(caller, body, context.RequestAborted) is { } why)
        {
            return Unauthorised(why);
        }

        return TryRead<T>(body) is { } read
            ? await handle(new(caller.Agent, read, NetworkPrefix.Of(context.Connection.RemoteIpAddress), context.RequestAborted))
            : Malformed();
    }

    /// <summary>The enrolment: signed by the key that it brings, so its body is read first.</summary>
    public async Task<(EnrolmentRequest? Request, IResult? Refusal)> ReadEnrolmentAsync(HttpContext context)
    {
        if (AgentCallAuthentication.TokenOf(context.Request) is not { } token)
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

        return await AgentCallVerdict.OfAsync(
            token,
            options.Value.Origin,
            context.Request.Path,
            clock.GetUtcNow(),
            kid => Task.FromResult(kid == EnvelopeKeys.Thumbprint(signing) ? ECDsa.Create(signing) : null)
        ) switch
        {
            AgentCallVerdict.Refused(var why) => (null, Unauthorised(why)),
            AgentCallVerdict.Verified call when !call.IsFor(body) => (null, Unauthorised(AnotherBody)),
            _ => (request, null),
        };
    }

    private static ProblemAnswer Unauthorised(string why) =>
        new(StatusCodes.Status401Unauthorized, "This call is not an enrolled agent's.", why);

    private static ProblemAnswer TooMany(HttpContext context, EnrolledAgent agent, TimeSpan wait)
    {
        var seconds = (int)Math.Ceiling(wait.TotalSeconds);
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return new(
            StatusCodes.Status429TooManyRequests,
            $"Too many such calls; try again in {seconds} s.",
            $"agent {agent.Id} calls too often"
        );
    }

    private static ProblemAnswer TooLarge() => new(StatusCodes.Status413PayloadTooLarge, "The call is too large.");

    internal static ProblemAnswer Malformed() => new(StatusCodes.Status400BadRequest, "This call is not of the form that it must have.");

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

    /// <summary>Null beyond that size. Who sends too slowly is cut off by the server (<c>MinRequestBodyDataRate</c>).</summary>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext context, int maxBytes)
    {
        if (context.Request.ContentLength > maxBytes)
        {
            return null;
        }

        var read = await context.Request.BodyReader.ReadAtLeastAsync(maxBytes + 1, context.RequestAborted);
        var body = read.Buffer.Length <= maxBytes ? read.Buffer.ToArray() : null;
        context.Request.BodyReader.AdvanceTo(read.Buffer.End);
        return body;
    }

    /// <summary>Why not, once the body is there; null: the token is spent now. One whose time ran out meanwhile may have been forgotten as spent.</summary>
    private async Task<string?> RefuseAsync(AgentCallIdentity caller, byte[] body, CancellationToken cancellation) =>
        !caller.Token.IsFor(body) ? AnotherBody
        : clock.GetUtcNow() > caller.Token.Until ? "its time ran out before its body was there"
        : await SpendAsync(caller, cancellation) ? null
        : "used before";

    private async Task<bool> SpendAsync(AgentCallIdentity caller, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        await db.RelaxAsync(cancellation);
        return await db.Database.ExecuteSqlAsync(
                $"""
                INSERT INTO "SpentCall" ("TokenId", "Tenant", "ExpiresAt")
                VALUES ({caller.Token.Kid + caller.Token.TokenId}, {caller.Agent.Tenant.Value}, {caller.Token.Until.UtcTicks})
                ON CONFLICT DO NOTHING
                """,
                cancellation
            ) == 1;
    }
}
