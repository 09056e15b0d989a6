using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.Extensions.Options;
using PortalApp.Data;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Desk;

/// <summary>Lets nobody open a circuit but who is signed in with a role, from a page of our own (H96).</summary>
internal sealed class CircuitGate(RequestDelegate next, IOptions<PortalOptions> options)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments("/_blazor", StringComparison.OrdinalIgnoreCase))
        {
            await next(http);
            return;
        }

        var session = await http.AuthenticateAsync(SessionAuthentication.SchemeName);
        if (!session.Succeeded || http.Features.Get<SignedIn>() is not { Role: > Role.User } || !options.Value.IsOrigin(http.Request))
        {
            http.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }

        http.User = session.Principal;
        await next(http);
    }
}

/// <summary>How many circuits there may be: each holds memory while it is open.</summary>
internal sealed class CircuitCount
{
    private const int OfPerson = 20;
    private const int OfAll = 500;
    private readonly Dictionary<string, int> open = [];
    private readonly Lock turn = new();

    public bool TryOpen(string person)
    {
        lock (turn)
        {
            var held = open.GetValueOrDefault(person);
            if (held >= OfPerson || open.Values.Sum() >= OfAll)
            {
                return false;
            }

            open[person] = held + 1;
            return true;
        }
    }

    public void Close(string person)
    {
        lock (turn)
        {
            open[person]--;
            if (open[person] == 0)
            {
                open.Remove(person);
            }
        }
    }
}

/// <summary>
/// Who sits at a circuit, as the database had it at the last thing that came from the browser. What comes from a session that is over, or from
/// somebody who has no role any more, is not carried out (H95).
/// </summary>
internal sealed class DeskCircuit(SessionStore sessions, AuthenticationStateProvider state, CircuitCount count) : CircuitHandler
{
    private string? person;

    /// <summary>Raised when the session is over.</summary>
    public event Action? Ended;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var id = (await state.GetAuthenticationStateAsync()).User.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        if (!count.TryOpen(id))
        {
            throw new InvalidOperationException("As many circuits are open as may be.");
        }

        person = id;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (person is not null)
        {
            count.Close(person);
        }

        return Task.CompletedTask;
    }

    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(
        Func<CircuitInboundActivityContext, Task> next
    ) =>
        async context =>
        {
            var held = (await state.GetAuthenticationStateAsync()).User;
            var now = await FindAsync(held, default);
            if (now is not { Role: > Role.User })
            {
                Ended?.Invoke();
                return;
            }

            if (!held.IsInRole(now.Role.ToString()) && state is IHostEnvironmentAuthenticationStateProvider changes)
            {
                changes.SetAuthenticationState(Task.FromResult(new AuthenticationState(SessionAuthentication.PrincipalOf(now))));
            }

            await next(context);
        };

    /// <summary>As the database has it now; null where the session is over.</summary>
    public async Task<SignedIn?> FindAsync(ClaimsPrincipal user, CancellationToken cancellation) =>
        long.TryParse(
            user.FindFirstValue(SessionAuthentication.SessionClaim),
            System.Globalization.CultureInfo.InvariantCulture,
            out var session
        )
            ? await sessions.FindAsync(session, cancellation)
            : null;
}
