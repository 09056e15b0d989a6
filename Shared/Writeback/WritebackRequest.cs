using Portal.Policy;
using Portal.Tenants;

namespace Portal.Writeback;

/// <summary>
/// All that an agent acts on; travels sealed in an <see cref="Relay.Envelopes.Envelope"/> and nowhere else. Closed: one case a kind, and one for
/// a kind that this version does not know.
/// </summary>
public abstract record WritebackRequest
{
    private WritebackRequest(RequestHeader header, RequestKind kind) => (Header, Kind) = (header, kind);

    public RequestHeader Header { get; }

    public RequestKind Kind { get; }

    public RequestId Id => Header.Id;

    public TenantId Tenant => Header.Tenant;

    public DateTimeOffset Issued => Header.Issued;

    public DateTimeOffset Deadline => Header.Deadline;

    /// <summary>Do agent and directory answer?</summary>
    public sealed record Health(RequestHeader Header) : WritebackRequest(Header, RequestKind.Health);

    /// <summary>A request about one account.</summary>
    public abstract record OfAccount : WritebackRequest
    {
        private protected OfAccount(RequestHeader header, RequestKind kind, CloudAnchor anchor)
            : base(header, kind) => Anchor = anchor;

        public CloudAnchor Anchor { get; }
    }

    /// <summary>May its password be set, and by which rules?</summary>
    public sealed record Check(RequestHeader Header, CloudAnchor Anchor) : OfAccount(Header, RequestKind.Check, Anchor);

    public sealed record Reset(RequestHeader Header, CloudAnchor Anchor, NewPassword Password)
        : OfAccount(Header, RequestKind.Reset, Anchor);

    /// <summary>By the person, who knows the current one (M4).</summary>
    public sealed record Change(RequestHeader Header, CloudAnchor Anchor, CurrentPassword Current, NewPassword Password)
        : OfAccount(Header, RequestKind.Change, Anchor);

    /// <summary>The account's lock is ended and its password stays as it is.</summary>
    public sealed record Unlock(RequestHeader Header, CloudAnchor Anchor) : OfAccount(Header, RequestKind.Unlock, Anchor);

    /// <param name="MustChange">The person has to choose another one at the next sign-in.</param>
    public sealed record AdministratorReset(RequestHeader Header, CloudAnchor Anchor, NewPassword Password, bool MustChange)
        : OfAccount(Header, RequestKind.AdministratorReset, Anchor);

    /// <summary>Is this the password? Sets nothing; the directory counts a wrong one.</summary>
    public sealed record Verify(RequestHeader Header, CloudAnchor Anchor, CurrentPassword Current)
        : OfAccount(Header, RequestKind.Verify, Anchor);

    /// <summary>What stands, and what is missing, between the person and the account? Nothing is set.</summary>
    public sealed record Explain(RequestHeader Header, CloudAnchor Anchor) : OfAccount(Header, RequestKind.Explain, Anchor);

    /// <summary>Well sealed, and of a kind that came after this version: answered with <see cref="WritebackReason.NotSupported"/>.</summary>
    public sealed record Unsupported(RequestHeader Header, int Number) : WritebackRequest(Header, (RequestKind)Number);
}
