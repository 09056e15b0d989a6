using System.Diagnostics;
using Portal.Tenants;

namespace PortalApp.Passwords;

/// <summary>Which home the passwords of a domain have.</summary>
internal sealed class PasswordHomes(OnPremisesHome onPremises)
{
    /// <summary>Null where they live in the portal alone, which has no home for them yet.</summary>
    public IPasswordHome? Of(PasswordManagement management) =>
        management switch
        {
            PasswordManagement.CloudOnly => null,
            PasswordManagement.PasswordHashSync or PasswordManagement.Federated => onPremises,
            _ => throw new UnreachableException(),
        };
}
