namespace Agent.Store;

/// <summary>The agent's data folder: absolute path. Files that hold a secret or a name are the owner's alone.</summary>
internal sealed record AgentFolder(string Path);
