namespace Agent.Store;

/// <summary>The agent's data folder: absolute path. Files that hold a secret or a name are the owner's alone.</summary>
internal sealed record AgentFolder(string Path)
{
    /// <summary>EAGAIN of Linux, which is what a lock that another process holds answers.</summary>
    private const int WouldBlock = 11;

    /// <summary>
    /// Held while an agent runs there, for two on one journal would answer for each other's requests; the operating system takes it back from the
    /// dead. Null while another has it.
    /// </summary>
    public static FileStream? TryTake(string folder)
    {
        try
        {
            return new FileStream(
                System.IO.Path.Combine(folder, "agent.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException e) when (e is not (DirectoryNotFoundException or FileNotFoundException) && (e.HResult & 0xFFFF) is WouldBlock)
        {
            return null;
        }
    }
}
