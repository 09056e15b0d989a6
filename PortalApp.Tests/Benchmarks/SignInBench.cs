using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.SignIn;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;

namespace PortalApp.Tests.Benchmarks;

/// <summary>A whole sign-in over HTTP, from its first page to the session, beside the one slow hash that it cannot do without.</summary>
internal static class SignInBench
{
    private const int Times = 15;

    public static async Task RunAsync(BenchReport report, CancellationToken cancellation)
    {
        await using var portal = await ResetPortal.StartAsync(new Dictionary<string, string?> { [ResetPortal.SlowHashes] = "" });
        using var anna = await DeskPerson.SetUpAsync(portal, "anna", Role.User);
        var hasher = portal.Services.GetRequiredService<IPasswordHasher<User>>();
        var nobody = new User { Id = "nobody", UserPrincipalName = "nobody@corp.test" };
        var held = hasher.HashPassword(nobody, DeskPerson.Password);
        List<double> whole = [];
        List<double> bare = [];
        for (var i = 0; i < Times; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            portal.Clock.Skip(TimeSpan.FromHours(1));
            anna.TakeAnotherBrowser();
            var began = Stopwatch.GetTimestamp();
            Assert.Equal(SignInPaths.Account, (await anna.TypePasswordAsync()).Location);
            whole.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            began = Stopwatch.GetTimestamp();
            hasher.VerifyHashedPassword(nobody, held, DeskPerson.Password);
            bare.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        report.Add("desk.sign_in", BenchReport.Median(whole), "ms, four requests");
        report.Add("desk.sign_in_hash", BenchReport.Median(bare), "ms, the bare hash");
        report.Add("desk.sign_in_ratio", BenchReport.Median(whole) / BenchReport.Median(bare), "×");
    }
}
