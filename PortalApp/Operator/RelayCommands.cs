using System.CommandLine;
using System.Text;
using Portal.Relay;
using Portal.Relay.Envelopes;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Agents;
using PortalApp.Relay;
using PortalApp.Relay.ServiceBus;
using PortalApp.Tenants;

namespace PortalApp.Operator;

/// <summary>Which relay a tenant's requests go over.</summary>
internal static class RelayCommands
{
    private const int MostBytes = 4096;
    private static readonly TimeSpan TestLife = TimeSpan.FromSeconds(10);

    public static Command Relay()
    {
        var tenant = TenantCommands.TenantOption();
        var file = new Option<string?>("--service-bus-file")
        {
            Description =
                "Holds the connection string of a policy of the tenant's own Service Bus that may send and nothing else; - reads it from standard input.",
        };
        var embedded = new Option<bool>("--embedded") { Description = "Go back to the portal's own relay." };
        var relay = new Command("relay", "Say which relay a tenant has, with the queue of each connector; or set another.")
        {
            tenant,
            file,
            embedded,
            Test(),
        };
        relay.Does(call =>
        {
            var id = new TenantId(call.Typed.GetRequiredValue(tenant));
            return (call.Typed.GetValue(file), call.Typed.GetValue(embedded)) switch
            {
                ({ } source, false) => SetAsync(call, id, source),
                (null, true) => LeaveAsync(call, id),
                (null, false) => ShowAsync(call, id),
                _ => Task.FromResult<CommandRefusal?>(new("Give --service-bus-file or --embedded, not both.")),
            };
        });
        return relay;
    }

    private static Command Test()
    {
        var tenant = TenantCommands.TenantOption();
        var test = new Command("test", "Send a sealed question that changes nothing over a tenant's relay, and say whether it was taken.")
        {
            tenant,
        };
        test.Does(call => TestAsync(call, new(call.Typed.GetRequiredValue(tenant))));
        return test;
    }

    private static async Task<CommandRefusal?> SetAsync(CommandCall call, TenantId tenant, string source)
    {
        if (await ReadAsync(source, call.Cancellation) is not { } connection)
        {
            return new($"--service-bus-file: {source} cannot be read, or holds more than a connection string.");
        }

        var outcome = await call.ChangeAsync(db =>
            call.Get<ServiceBusStore>().SetAsync(db, tenant, connection, call.By, call.Cancellation)
        );
        return CommandRefusal.Of(outcome, CommandCall.NoTenant(tenant)) ?? await ShowAsync(call, tenant);
    }

    private static async Task<CommandRefusal?> LeaveAsync(CommandCall call, TenantId tenant)
    {
        var outcome = await call.ChangeAsync(db => call.Get<ServiceBusStore>().LeaveAsync(db, tenant, call.By, call.Cancellation));
        return CommandRefusal.Of(outcome, CommandCall.NoTenant(tenant)) ?? await ShowAsync(call, tenant);
    }

    /// <summary>The relay's address, and below it a line for each connector that the tenant's agents serve.</summary>
    private static async Task<CommandRefusal?> ShowAsync(CommandCall call, TenantId tenant)
    {
        if (await call.Get<TenantStore>().FindAsync(tenant, call.Cancellation) is null)
        {
            return new(CommandCall.NoTenant(tenant));
        }

        call.PrintRow(await call.Get<IRelay>().AddressOfAsync(tenant, call.Cancellation));
        foreach (var connector in await ConnectorsAsync(call, tenant))
        {
            call.PrintRow(connector, RelayAddress.Of(tenant, connector));
        }

        return null;
    }

    private static async Task<CommandRefusal?> TestAsync(CommandCall call, TenantId tenant)
    {
        var agents = await call.Get<AgentStore>().ActiveAsync(tenant, call.Cancellation);
        if (agents.Connectors.Count == 0)
        {
            return new($"No agent of tenant {tenant} is ready, so that nothing can be sealed; see: agent list.");
        }

        var relay = call.Get<IRelay>();
        var failed = new List<string>();
        foreach (var connector in agents.Connectors)
        {
            if (!await relay.HasReceiverAsync(tenant, connector))
            {
                return new(
                    "The portal's own relay lives in the portal, and no command reaches it; agent list says which agents are ready."
                );
            }

            var now = call.Get<TimeProvider>().GetUtcNow();
            var question = new WritebackRequest.Health(new RequestHeader(RequestId.New(), tenant, now, now + TestLife));
            var envelope = Envelope.SealQuestion(question, agents.RecipientsOf(connector, RequestKind.Health));
            var taken = await relay.SendAsync(tenant, connector, question.Id, envelope, TestLife);
            call.PrintRow(connector, RelayAddress.Of(tenant, connector), taken ? "taken" : "not taken");
            if (!taken)
            {
                failed.Add(connector);
            }
        }

        return failed.Count == 0
            ? null
            : new($"The relay did not take the question for {string.Join(", ", failed)}; the log above says why.");
    }

    private static async Task<IReadOnlyList<string>> ConnectorsAsync(CommandCall call, TenantId tenant) =>
        [
            .. (await call.Get<AgentStore>().ListAsync(tenant, call.Cancellation))
                .Where(agent => agent.RevokedAt is null)
                .SelectMany(agent => agent.State?.Connectors ?? [])
                .Select(served => served.Name)
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Never an argument, which other users of the machine could read.</summary>
    private static async Task<string?> ReadAsync(string source, CancellationToken cancellation)
    {
        try
        {
            await using var stream = source == "-" ? Console.OpenStandardInput() : File.OpenRead(source);
            var bytes = new byte[MostBytes + 1];
            var length = await stream.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation);
            return length > MostBytes ? null : Encoding.UTF8.GetString(bytes, 0, length);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
