using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Localization;
using MudBlazor;
using PortalApp.SignIn.SecondFactor;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;

namespace PortalApp.Desk;

/// <summary>Who sits at the desk, asked anew before each thing that is done.</summary>
internal sealed class DeskPerson(
    DeskCircuit circuit,
    AuthenticationStateProvider state,
    ProofAgain proof,
    IDialogService dialogs,
    IStringLocalizer<DeskTexts> texts
)
{
    /// <summary>Null where the session is over.</summary>
    public async Task<SignedIn?> FindAsync() => await circuit.FindAsync((await state.GetAuthenticationStateAsync()).User, default);

    /// <summary>
    /// Before something is changed: the person has this role at this moment, and has proved within <see cref="ProofAgain.Holds"/> who they are;
    /// otherwise a dialog asks.
    /// </summary>
    /// <returns>The person; or null and why nothing is changed, a sentence.</returns>
    public async Task<(SignedIn? Me, string? Why)> MayAsync(Role least)
    {
        if (await FindAsync() is not { } me || me.Role < least)
        {
            return (null, texts[$"Only{least}"]);
        }

        if (!proof.IsNeededBy(me))
        {
            return (me, null);
        }

        var dialog = await dialogs.ShowAsync<ProveAgain>(texts["ProveHeading"]);
        return await dialog.Result is { Canceled: false } ? (me, null) : (null, texts["NotProved"]);
    }
}
