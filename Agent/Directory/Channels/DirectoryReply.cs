using System.DirectoryServices.Protocols;

namespace Agent.Directory.Channels;

/// <summary>What came of one LDAP operation.</summary>
internal abstract record DirectoryReply
{
    private DirectoryReply() { }

    public sealed record Done(DirectoryResponse Response) : DirectoryReply;

    /// <param name="Code">RFC 4511 result code.</param>
    /// <param name="Text">The directory's own words.</param>
    public sealed record Refused(int Code, string Text) : DirectoryReply;

    /// <summary>Not one byte of it was sent.</summary>
    public sealed record NotSent(string Why) : DirectoryReply;

    /// <summary>No answer; whether the operation was carried out is not known. The channel is of no further use.</summary>
    public sealed record Lost(string Why) : DirectoryReply;
}
