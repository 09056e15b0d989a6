using Microsoft.AspNetCore.Components.Authorization;
using PortalApp.SignIn.Sessions;

namespace PortalApp.Desk;

/// <summary>Who sits at the desk, asked anew before each thing that is done.</summary>
internal sealed class DeskPerson(DeskCircuit circuit, AuthenticationStateProvider state)
{
    /// <summary>Null where the session is over.</summary>
    public async Task<SignedIn?> FindAsync() => await circuit.FindAsync((await state.GetAuthenticationStateAsync()).User, default);
}
