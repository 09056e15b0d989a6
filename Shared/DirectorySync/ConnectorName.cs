namespace Portal.DirectorySync;

/// <summary>The name of a connected directory: with an objectGUID it is a user's identity. Compared as it is written.</summary>
public static class ConnectorName
{
    public const int MaxLength = 255;

    public static bool IsOne(string text) => text.Length is > 0 and <= MaxLength && !text.Any(char.IsControl);
}
