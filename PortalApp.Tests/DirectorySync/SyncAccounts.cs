using Agent.DirectorySync;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portal.DirectorySync;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.DirectorySync;

/// <summary>Accounts of a forest, the store that an agent keeps of them, and a portal that gives each its anchor.</summary>
internal static class SyncAccounts
{
    public const string Connector = "corp.test";

    public static ForestObject New(int number) =>
        new(
            Connector,
            new Guid(number, 0, 0, new byte[8]),
            $"CN=Person {number},OU=Staff,DC=corp,DC=test",
            $"person{number}@corp.test",
            $"Person {number}",
            "+31 612345678",
            "+31 201234567",
            $"person{number}@mail.corp.test",
            0x200
        );

    public static ForestObject Disabled(this ForestObject account) => account with { AccountControl = 0x202 };

    public static SyncDatabase NewDatabase() => new(Path.Combine(Repository.NewFolder("sync"), SyncDatabase.FileName));

    public static ImportStore Imports(this SyncDatabase database, ILogger<ImportStore>? logger = null) =>
        new(database, new PhoneFlow(country: null), logger ?? NullLogger<ImportStore>.Instance);

    public static async Task<ImportCounts> ImportAsync(this SyncDatabase database, params IEnumerable<ForestObject> accounts) =>
        await database.Imports().ImportAsync(Connector, Forest(accounts), TestContext.Current.CancellationToken);

    public static IAsyncEnumerable<ForestReading> Forest(params IEnumerable<ForestObject> accounts) =>
        accounts.Select(ForestReading (account) => new ForestReading.Account(account)).ToAsyncEnumerable();

    /// <summary>Sends all that waits to a portal that takes everything.</summary>
    public static IReadOnlyList<SyncBatch> Export(this SyncDatabase database, ExportScope scope = ExportScope.Changed)
    {
        var exports = new ExportStore(database);
        var sent = new List<SyncBatch>();
        exports.Begin(Connector, scope);
        while (exports.Next(Connector) is { } batch)
        {
            sent.Add(batch);
            exports.Keep(batch, Answer(batch));
        }

        return sent;
    }

    public static SyncReport Answer(SyncBatch batch) =>
        new([.. batch.Objects.Select(sent => new SyncObjectResult(sent.SourceAnchor, AnchorOf(sent.SourceAnchor), null))]);

    public static string AnchorOf(string sourceAnchor) => $"anchor-{sourceAnchor}";

    public static string AnchorOf(int number) => AnchorOf(New(number).SourceAnchor);
}
