using System.Globalization;
using System.Xml;
using Portal.Relay;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Relay.ServiceBus;

/// <summary>What docs/service-bus.md tells an operator to make is the queue that the tests run against.</summary>
public sealed class ServiceBusDocumentTests
{
    [Fact]
    public void The_script_and_the_Bicep_file_make_the_same_queue_and_it_is_the_tests_one()
    {
        var document = File.ReadAllText(Path.Combine(Repository.Root, "docs", "service-bus.md"));
        var (life, held) = (XmlConvert.ToString(RelayLimits.LongestTtl), XmlConvert.ToString(StandInQueue.LockFor));
        var most = StandInQueue.MostDeliveries.ToString(CultureInfo.InvariantCulture);
        string[] script =
        [
            $"--default-message-time-to-live {life}",
            "--enable-dead-lettering-on-message-expiration false",
            "--enable-duplicate-detection false",
            $"--lock-duration {held}",
            $"--max-delivery-count {most}",
            "--enable-session false",
            "--name portal --rights Send",
            "--name agent-1 --rights Listen",
        ];
        string[] bicep =
        [
            $"defaultMessageTimeToLive: '{life}'",
            "deadLetteringOnMessageExpiration: false",
            "requiresDuplicateDetection: false",
            $"lockDuration: '{held}'",
            $"maxDeliveryCount: {most}",
            "requiresSession: false",
            "name: 'portal', properties: { rights: ['Send'] }",
            "name: 'agent-1', properties: { rights: ['Listen'] }",
        ];
        var flat = string.Join(' ', document.Split([' ', '\n', '\\'], StringSplitOptions.RemoveEmptyEntries));

        Assert.All([.. script, .. bicep], part => Assert.Contains(part, flat, StringComparison.Ordinal));
    }
}
