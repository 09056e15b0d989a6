using System.DirectoryServices.Protocols;
using System.Globalization;
using Agent.Directory.Channels;

namespace Agent.Directory;

/// <summary>Typed reading of one search result; what is absent or of another shape is null or empty.</summary>
internal sealed class DirectoryEntry(SearchResultEntry entry)
{
    /// <summary>The one entry of a base search; null for every other answer.</summary>
    public static DirectoryEntry? Only(DirectoryReply reply) =>
        reply is DirectoryReply.Done { Response: SearchResponse { Entries: { Count: 1 } entries } } ? new(entries[0]) : null;

    public string Dn => entry.DistinguishedName;

    public string? Text(string attribute) => One<string>(attribute);

    public int? Number(string attribute) =>
        int.TryParse(Text(attribute), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public long? Large(string attribute) =>
        long.TryParse(Text(attribute), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    public Sid? Sid(string attribute) => One<byte[]>(attribute) is { } bytes ? Directory.Sid.FromBytes(bytes) : null;

    public T? One<T>(string attribute)
        where T : class => All<T>(attribute) is [var only] ? only : null;

    /// <typeparam name="T"><c>string</c> or <c>byte[]</c>.</typeparam>
    public IReadOnlyList<T> All<T>(string attribute)
        where T : class => entry.Attributes[attribute] is { } values ? [.. values.GetValues(typeof(T)).Cast<T>()] : [];
}
