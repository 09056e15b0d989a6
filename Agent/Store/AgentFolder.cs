namespace Agent.Store;

/// <summary>The agent's data folder: absolute path, owner-only.</summary>
internal sealed record AgentFolder(string Path);
