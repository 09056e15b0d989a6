using System.CommandLine;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Data;

namespace PortalApp.Operator;

/// <summary>One command as it was typed, on the portal's services.</summary>
internal sealed record CommandCall(IServiceProvider Services, ParseResult Typed, CancellationToken Cancellation)
{
    public Actor By => HostOperator.Of(Get<IConfiguration>());

    public TextWriter Output => Typed.InvocationConfiguration.Output;

    /// <summary>Beside the answer, which stays alone on stdout; what was asked for is done all the same.</summary>
    public void Warn(string sentence) => Typed.InvocationConfiguration.Error.WriteLine($"Warning: {sentence.OnOneLine()}");

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public Task<PortalDb> OpenAsync() => Get<IDbContextFactory<PortalDb>>().CreateDbContextAsync(Cancellation);

    public Task<ChangeOutcome<T>> ChangeAsync<T>(Func<PortalDb, Task<ChangeOutcome<T>>> change) =>
        Get<IDbContextFactory<PortalDb>>().ChangeAsync(change, Cancellation);

    public static string NoTenant(TenantId tenant) => $"There is no tenant {tenant}; see: tenant list.";

    /// <summary>One line of a list: its cells stand between tabs, and none of them can break the line or steer a terminal.</summary>
    public void PrintRow(params object?[] cells) =>
        Output.WriteLine(string.Join('\t', cells.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture).OnOneLine())));
}
