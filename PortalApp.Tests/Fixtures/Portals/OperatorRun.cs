using PortalApp.Operator;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>One of the operator's commands in this process.</summary>
internal static class OperatorRun
{
    public static async Task<CommandOutcome> RunAsync(string[] arguments, string[] settings)
    {
        await using var output = new StringWriter { NewLine = "\n" };
        await using var error = new StringWriter { NewLine = "\n" };
        var code = await OperatorCommands.RunAsync(arguments, output, error, settings);
        return new(code, output.ToString(), error.ToString());
    }
}
