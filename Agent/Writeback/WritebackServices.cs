using Agent.DirectorySync;
using Agent.DirectorySync.Links;
using Agent.Writeback.Protection;
using Agent.Writeback.Verification;
using Microsoft.Extensions.DependencyInjection;

namespace Agent.Writeback;

internal static class WritebackServices
{
    /// <summary>Needs the directory, the store, <c>PortalClient</c>, <see cref="LinkStore"/>, <see cref="ConnectorSpaces"/> and <see cref="AgentOptions"/>.</summary>
    public static IServiceCollection AddWriteback(this IServiceCollection services) =>
        services
            .AddSingleton<FindLink>(provider => provider.GetRequiredService<LinkStore>().Find)
            .AddSingleton<IsFilled>(provider => provider.GetRequiredService<ConnectorSpaces>().IsFilled)
            .AddSingleton<Flights>()
            .AddSingleton<AccountTurns>()
            .AddSingleton<RateCap>()
            .AddSingleton<ProtectedEntries>()
            .AddHostedService<ProtectedWatch>()
            .AddSingleton<Preparation>()
            .AddSingleton<AccountCheck>()
            .AddSingleton<CheckExplanation>()
            .AddSingleton<ExplainLinks>(provider => new LinkExplanation(provider.GetRequiredService<SyncDatabase>()).Explain)
            .AddSingleton<AccountExplanation>()
            .AddSingleton<WrongPasswordCap>()
            .AddSingleton<WrongPasswordGuard>()
            .AddSingleton<OldPassword>()
            .AddSingleton<VerifySlots>()
            .AddSingleton<PasswordVerification>()
            .AddSingleton<Claims>()
            .AddSingleton<Evidence>()
            .AddSingleton<PasswordSet>()
            .AddSingleton<OutcomeReporter>()
            .AddSingleton<Recovery>()
            .AddSingleton<WritebackHandler>();
}
