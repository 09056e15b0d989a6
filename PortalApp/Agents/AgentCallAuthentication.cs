using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using PortalApp.Data;

namespace PortalApp.Agents;

/// <summary>Says from the header alone whose call it is. What it refuses is told by the line of the answer (4702), so it has no log of its own.</summary>
internal sealed class AgentCallAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    UrlEncoder encoder,
    AgentStore agents,
    IOptions<PortalOptions> portal,
    TimeProvider clock
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    public const string SchemeName = "agent-call";
    private const string Prefix = "Bearer ";

    /// <summary>Null where there is not exactly one.</summary>
    public static string? TokenOf(HttpRequest request) =>
        request.Headers.Authorization is [{ } only] && only.StartsWith(Prefix, StringComparison.Ordinal) ? only[Prefix.Length..] : null;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TokenOf(Request) is not { } token)
        {
            return AuthenticateResult.NoResult();
        }

        EnrolledAgent? caller = null;
        var verdict = await AgentCallVerdict.OfAsync(
            token,
            portal.Value.Origin,
            Request.Path,
            clock.GetUtcNow(),
            async kid =>
            {
                var signer = await agents.FindSignerAsync(kid, Context.RequestAborted);
                caller = signer?.Agent;
                return signer?.Key;
            }
        );
        if (verdict is AgentCallVerdict.Refused { ClockAhead: { } ahead })
        {
            await agents.ClockSeenAsync(caller!, ahead, Context.RequestAborted);
        }

        return verdict switch
        {
            AgentCallVerdict.Refused(var why) => AuthenticateResult.Fail(why),
            AgentCallVerdict.Verified call when call.AgentId == caller!.Id => AuthenticateResult.Success(
                new(new ClaimsPrincipal(new AgentCallIdentity(caller, call)), SchemeName)
            ),
            _ => AuthenticateResult.Fail("another agent's key"),
        };
    }
}

/// <summary>The agent that a call's token names.</summary>
internal sealed class AgentCallIdentity(EnrolledAgent agent, AgentCallVerdict.Verified token)
    : ClaimsIdentity([new(ClaimTypes.NameIdentifier, agent.Id)], AgentCallAuthentication.SchemeName)
{
    public EnrolledAgent Agent => agent;

    public AgentCallVerdict.Verified Token => token;
}
