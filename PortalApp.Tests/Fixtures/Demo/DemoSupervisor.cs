using System.Globalization;
using System.Net;
using PortalApp.Data;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Fixtures.Portals;
using PortalApp.Tests.Fixtures.Processes;
using PortalApp.Tests.Relay.ServiceBus;

namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Brings up directory, portal and agent afresh, joins them as an operator would, and keeps them running.</summary>
internal sealed class DemoSupervisor : IAsyncDisposable
{
    public const int PortalPort = 8443;
    public static readonly IPAddress DirectoryAddress = new([127, 0, 10, 1]);

    private readonly Lock oneWriter = new();
    private readonly TestCertificates certificates;
    private readonly Forest forest;
    private readonly PostgreSqlServer? postgreSql;
    private readonly PortalProcess portal;
    private readonly AgentProcess agent;
    private readonly DemoProvider provider;
    private readonly List<SupervisedPart> parts;
    private StandInServiceBus? serviceBus;
    private Task keeping = Task.CompletedTask;
    private DemoPeople? people;
    private bool published;

    private DemoSupervisor(
        TestCertificates certificates,
        Forest forest,
        PostgreSqlServer? postgreSql,
        PortalProcess portal,
        AgentProcess agent
    )
    {
        (this.certificates, this.forest, this.postgreSql) = (certificates, forest, postgreSql);
        (this.portal, this.agent) = (portal, agent);
        provider = new(portal, certificates);
        parts =
        [
            new("directory", forest.LaunchAsync, Record),
            new("portal", portal.LaunchAsync, Record),
            new("agent", agent.LaunchAsync, Record),
            new("provider", provider.LaunchAsync, Record),
        ];
        if (postgreSql is not null)
        {
            parts.Add(new("database", () => postgreSql.LaunchAsync(durable: true), Record));
        }
    }

    private static string ConnectionFile => Path.Combine(DemoPaths.PostgreSql, "connection");

    private SupervisedPart Directory => parts[0];
    private SupervisedPart Portal => parts[1];
    private SupervisedPart Agent => parts[2];
    private SupervisedPart Provider => parts[3];

    /// <summary>Null on SQLite, which is no process.</summary>
    private SupervisedPart? Database => parts.ElementAtOrDefault(4);

    /// <summary>Returns when a reset would work.</summary>
    public static async Task<DemoSupervisor> StartAsync(DemoOptions options, Action<string> say, CancellationToken cancellation)
    {
        Clear();
        say("Directory: making the forest CORP.TEST (the first time takes some ten seconds).");
        var certificates = await TestCertificates.OpenOrCreateAsync(Repository.Certificates, cancellation);
        var forest = await Forest.PrepareAsync(DemoPaths.Forest, DirectoryAddress, certificates, cancellation);
        var postgreSql = options.Database == DatabaseKind.PostgreSql ? await NewServerAsync(say) : null;
        var demo = new DemoSupervisor(
            certificates,
            forest,
            postgreSql,
            new(
                DemoPaths.Portal,
                DemoPaths.LogOf("portal"),
                PortalPort,
                certificates,
                postgreSql is null ? null : ConnectionFile,
                DemoProvider.Settings(certificates)
            ),
            new(DemoPaths.Agent, DemoPaths.LogOf("agent"))
        );
        try
        {
            if (options.ServiceBus)
            {
                demo.serviceBus = await StandInServiceBus.StartAsync();
            }

            await demo.BringUpAsync(say, cancellation);
            return demo;
        }
        catch
        {
            await demo.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task KeepAliveAsync(Action<string> say, CancellationToken cancellation)
    {
        keeping = Task.WhenAll(parts.Select(part => part.KeepAliveAsync(say, cancellation)));
        await keeping;
    }

    public async ValueTask DisposeAsync()
    {
        await keeping.ContinueWith(_ => { }, TaskScheduler.Default);
        File.Delete(DemoPaths.Ready);
        File.Delete(DemoPaths.Json);
        await Agent.StopAsync();
        await Task.WhenAll(Portal.StopAsync(), Directory.StopAsync(), Provider.StopAsync());
        await (postgreSql?.DisposeAsync() ?? ValueTask.CompletedTask);
        await agent.DisposeAsync();
        await portal.DisposeAsync();
        await provider.DisposeAsync();
        await forest.DisposeAsync();
        await (serviceBus?.DisposeAsync() ?? ValueTask.CompletedTask);
        certificates.Dispose();
        File.Delete(DemoPaths.Processes);
    }

    /// <summary>Every demo starts afresh; the forest's template and the certificate authority stay.</summary>
    private static void Clear()
    {
        File.Delete(DemoPaths.Json);
        File.Delete(DemoPaths.Ready);
        foreach (
            var folder in new[] { DemoPaths.Portal, DemoPaths.Agent, DemoPaths.Forest, DemoPaths.PostgreSql, DemoPaths.Provider }.Where(
                System.IO.Directory.Exists
            )
        )
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }

        foreach (var log in new[] { "portal", "agent", "database", "provider" })
        {
            File.Delete(DemoPaths.LogOf(log));
        }
    }

    private static async Task<PostgreSqlServer> NewServerAsync(Action<string> say)
    {
        say("Database: making a PostgreSQL of the demo's own.");
        System.IO.Directory.CreateDirectory(DemoPaths.PostgreSql);
        var server = await PostgreSqlServer.CreateAsync(DemoPaths.PostgreSql, DemoPaths.LogOf("database"));
        TestDatabase.WriteConnection(ConnectionFile, server.ConnectionTo("portal"));
        return server;
    }

    private async Task BringUpAsync(Action<string> say, CancellationToken cancellation)
    {
        if (Database is not null)
        {
            await Database.LaunchAsync();
            await postgreSql!.WaitUntilAnsweringAsync(cancellation);
            await postgreSql.ExecuteAsync("CREATE DATABASE portal");
        }

        say("Portal: starting it with a new database, and the directory beside it.");
        await Task.WhenAll(Directory.LaunchAsync(), Portal.LaunchAsync(), Provider.LaunchAsync());
        await Task.WhenAll(forest.WaitUntilAnsweringAsync(cancellation), portal.WaitUntilServingAsync(cancellation));

        say("Tenant: adding it and its domain, and enrolling the agent.");
        await DemoStates.AddToAsync(forest, cancellation);
        var corp = await TenantPlan.Corp.JoinAsync(portal, agent, new(portal.Address, forest), cancellation);
        await portal.AddDomainAsync(DemoStates.SyncDomain, corp, "PasswordHashSync", cancellation);
        await provider.JoinAsync(corp, cancellation);
        if (serviceBus is not null)
        {
            say("Relay: a stand-in for a Service Bus of the tenant's own, in this process.");
            await serviceBus.TakeInAsync(arguments => portal.OperateAsync(arguments, cancellation), agent, new(corp));
        }

        say("Agent: starting it; its first sync brings the people.");
        await Agent.LaunchAsync();
        say("Desk: seating an administrator, the helpdesk and a reader meanwhile, and another tenant beside them.");
        var seats = new DemoSeats(portal, certificates, cancellation);
        await portal.CountRegistrationsAtOnceAsync(corp, cancellation);
        var (desk, cloud, newcomer) = (await seats.DeskAsync(corp), await seats.CloudAsync(corp), await seats.NewAsync(corp));
        await agent.WaitUntilReadyAsync(cancellation);
        await TenantPlan.Corp.GiveContactsAsync(portal, cancellation);
        await portal.ImportAlternateMailsAsync(DemoStates.All, cancellation);
        var methods = new DemoMethods(portal, corp, cancellation);
        await methods.EnableAsync();
        say("Reports: writing thirty days of a past that is made up, so that charts show something.");
        await portal.OperateAsync(["demo", "past", "--tenant", corp.ToString(CultureInfo.InvariantCulture)], cancellation);
        people = new(desk, cloud, await methods.GiveAsync(ForestPopulation.Everything), newcomer);
        published = true;
        Record();
        AtomicFile.Write(DemoPaths.Ready, Environment.ProcessId.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Says on disk which processes run now: for ./dev stop from the start, for everybody when a reset would work.</summary>
    private void Record()
    {
        lock (oneWriter)
        {
            ProcessList.Write(DemoPaths.Processes, parts.Where(p => p.Id != 0).Select(p => (p.Name, p.Id)));
            if (published && people is not null)
            {
                DemoFile
                    .Of(
                        portal.Address,
                        serviceBus is null ? null : $"sb://127.0.0.1:{serviceBus.Port}",
                        forest,
                        postgreSql is null ? "sqlite" : "postgresql",
                        people,
                        provider.Told,
                        new(Portal.Id, Agent.Id, Directory.Id),
                        new(portal.LogFile, agent.LogFile, forest.LogFile),
                        new(portal.DataDirectory, agent.DataDirectory)
                    )
                    .Write(DemoPaths.Json);
            }
        }
    }
}
