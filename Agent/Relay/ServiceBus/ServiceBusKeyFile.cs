using System.Text;
using Portal.Relay.ServiceBus;

namespace Agent.Relay.ServiceBus;

/// <summary>The agent's own key of the tenant's Service Bus, read at each new connection so that a rotated one is found.</summary>
internal static class ServiceBusKeyFile
{
    public static ServiceBusKeyReading Read(string file)
    {
        try
        {
            return ServiceBusKey.Read(File.ReadAllText(file, Encoding.UTF8)) switch
            {
                ServiceBusKeyReading.Wrong(var why) => new ServiceBusKeyReading.Wrong($"serviceBusFile: {file}: {why}"),
                var good => good,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return new ServiceBusKeyReading.Wrong($"serviceBusFile: {e.Message.TrimEnd('.')}");
        }
    }
}
