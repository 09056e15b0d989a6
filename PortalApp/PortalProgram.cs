using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using PortalApp.Administration;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Authenticators;
using PortalApp.Captcha;
using PortalApp.Certificates;
using PortalApp.Data;
using PortalApp.Desk;
using PortalApp.DirectorySync;
using PortalApp.Disputes;
using PortalApp.Gates;
using PortalApp.Helpdesk;
using PortalApp.Layout;
using PortalApp.Notifications;
using PortalApp.Notifications.Phone;
using PortalApp.Outbound;
using PortalApp.PasswordChange;
using PortalApp.PasswordReset;
using PortalApp.Passwords;
using PortalApp.Policy;
using PortalApp.Registration;
using PortalApp.Relay;
using PortalApp.Reports;
using PortalApp.Secrets;
using PortalApp.SignIn;
using PortalApp.SignIn.Languages;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;
using PortalApp.Writeback;

namespace PortalApp;

/// <summary>How the portal is put together: one line for each slice.</summary>
internal static class PortalProgram
{
    /// <exception cref="ConfigurationException">A value is missing or wrong; all of them are named.</exception>
    /// <param name="serves">False for an operator's command, which does not listen.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null, bool serves = true)
    {
        var builder = WebApplication.CreateBuilder(args);
        WebApplication? app = null;
        builder.Logging.AddPlainConsole(serving: () => app is { Lifetime.ApplicationStarted.IsCancellationRequested: true });
        configure?.Invoke(builder);

        if (serves)
        {
            builder.AddListening();
            builder.AddCertificate();
        }

        builder.AddPortalData();
        builder.AddSecrets();
        builder.AddAudit();
        builder.AddThrottle();
        builder.AddOutbound();
        builder.AddTenants();
        builder.AddUsers();
        builder.AddNotifications();
        builder.AddRelay();
        builder.AddAgents();
        builder.AddWriteback();
        builder.AddPasswords();
        builder.AddCaptcha();
        builder.AddAuthenticators();
        builder.AddGates();
        builder.AddPolicy();
        builder.AddLayout();
        builder.AddSignIn();
        builder.AddDesk();
        builder.AddHelpdesk();
        builder.AddAdministration();
        builder.AddReports();
        builder.AddPasswordReset();
        builder.AddRegistration();
        builder.AddPasswordChange();
        builder.AddDisputes();
        builder.AddDirectorySync();
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(3));

        app = builder.Build();
        Configuration.ThrowIfWrong(app.Services);
        app.Use(UnansweredConnections.NoteAnswerAsync);
        app.UseLayout();
        app.UsePasswordReset();
        app.UseSignIn();
        app.UseRegistration();
        app.UseMiddleware<CircuitGate>();
        app.UseLanguageOfPerson();
        app.MapRelay();
        app.MapAgents();
        app.MapWriteback();
        app.MapDirectorySync();
        app.MapCaptcha();
        app.MapLanguage();
        app.MapOutbox();
        app.MapPhoneReports();
        app.MapPages().Add(DeskPages.LeaveOutDesk);
        app.MapDesk();
        app.MapAdministration();
        app.MapReports();
        return app;
    }

    /// <summary>Before the portal listens, or a command runs: the database is up to date and the keys are loaded.</summary>
    public static async Task PrepareAsync(IServiceProvider services, CancellationToken cancellation = default)
    {
        var options = services.GetRequiredService<IOptions<PortalOptions>>().Value;
        DataFolder.Make(options.DataDirectory);
        _ = services.GetRequiredService<MasterKey>();
        await using (var db = await services.GetRequiredService<IDbContextFactory<PortalDb>>().CreateDbContextAsync(cancellation))
        {
            await DatabaseUpgrade.RunAsync(db, services.GetRequiredService<TimeProvider>(), cancellation);
        }

        await services.GetRequiredService<PortalKeys>().LoadAsync(cancellation);
    }
}
