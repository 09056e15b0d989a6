using System.Text;

namespace Agent.Directory.Channels;

/// <summary>The password of the agent's account, read from its file at each new connection so that a rotated one is found.</summary>
internal static class BindPassword
{
    /// <summary>Never empty: a simple bind without a password would succeed as nobody (RFC 4513 5.1.2; H62).</summary>
    public static (string? Password, string? Problem) Read(string file)
    {
        try
        {
            var text = File.ReadAllText(file, Encoding.UTF8).TrimEnd('\r', '\n');
            return string.IsNullOrWhiteSpace(text) ? (null, $"directory.bindPasswordFile: {file} is empty.") : (text, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return (null, $"directory.bindPasswordFile: {e.Message}");
        }
    }
}
