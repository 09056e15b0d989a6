namespace Portal.Agents;

/// <summary>The paths of the HTTPS calls that an agent makes, all POST with JSON, and what signs them.</summary>
public static class AgentApi
{
    public const string Enrol = "/agent/enrol";
    public const string Hello = "/agent/hello";
    public const string Pending = "/agent/pending";
    public const string Claim = "/agent/claim";
    public const string Outcome = "/agent/outcome";
    public const string Alarm = "/agent/alarm";
    public const string Sync = "/agent/sync";
    public const string SyncStanding = "/agent/sync-standing";

    /// <summary>The JWT's <c>typ</c> (RFC 8725 §3.11); a call carries it as <c>Authorization: Bearer</c> (RFC 7523).</summary>
    public const string TokenType = "agent-call+jwt";

    /// <summary>The claim that binds the token to the call's path.</summary>
    public const string PathClaim = "path";

    /// <summary>The claim that binds the token to the call's body: base64url of its SHA-256.</summary>
    public const string BodyHashClaim = "body_sha256";

    public static readonly TimeSpan TokenLifetime = TimeSpan.FromSeconds(60);

    /// <summary>Bytes; a longer body is refused with 413.</summary>
    public const int MaxBodyBytes = 1024 * 1024;
}
