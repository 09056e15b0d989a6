using System.Text;
using Microsoft.AspNetCore.Http.Features;
using PortalApp.Policy;
using PortalApp.SignIn.Sessions;
using PortalApp.Users.Groups;

namespace PortalApp.Administration.Policies;

/// <summary>The policies that hold, as a file.</summary>
internal sealed class PolicyExport(PolicyStore policies, GroupStore groups)
{
    public async Task<IResult> WriteAsync(HttpContext http)
    {
        var tenant = http.Features.GetRequiredFeature<SignedIn>().Tenant.Id;
        var list = (await policies.HoldingAsync(tenant, http.RequestAborted)).List;
        var named = await groups.FindAsync(tenant, [.. list.Groups], http.RequestAborted);
        return TypedResults.File(
            Encoding.UTF8.GetBytes(PolicyFile.Write(list, named.ToDictionary(g => g.Id, g => g.Name))),
            "application/json",
            "policies.json"
        );
    }
}
