using Microsoft.Extensions.DependencyInjection;

namespace Agent.Enrolment;

internal static class EnrolmentServices
{
    public static IServiceCollection AddEnrolment(this IServiceCollection services, string folder) =>
        services.AddSingleton(new IdentityStore(folder)).AddSingleton<TenantKeyRing>().AddSingleton<AgentEnrolment>();
}
