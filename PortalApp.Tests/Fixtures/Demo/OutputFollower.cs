namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>Shows on our stdout what another process writes to a file.</summary>
internal sealed class OutputFollower(string file) : IDisposable
{
    private StreamReader? reader;

    public void ShowNew()
    {
        if (reader is null && File.Exists(file))
        {
            reader = new(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        }

        Console.Write(reader?.ReadToEnd());
    }

    public void Dispose() => reader?.Dispose();
}
