namespace PortalApp.Tests.Fixtures.Demo;

/// <summary>A file of which a reader sees the old content or the new, never a part.</summary>
internal static class AtomicFile
{
    public static void Write(string file, string content)
    {
        File.WriteAllText(file + ".new", content);
        File.Move(file + ".new", file, overwrite: true);
    }
}
