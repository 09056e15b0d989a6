using System.Diagnostics;
using Portal.Tenants;

namespace PortalApp.Passwords;

/// <summary>Which home the passwords of a domain have.</summary>
internal sealed class PasswordHomes(OnPremisesHome onPremises, PortalHome portal, BothHome both)
{
    public IPasswordHome Of(PasswordManagement management) =>
        management switch
        {
            PasswordManagement.CloudOnly => portal,
            PasswordManagement.PasswordHashSync => both,
            PasswordManagement.Federated => onPremises,
            _ => throw new UnreachableException(),
        };
}
