namespace PortalApp.Gates;

/// <summary>Where a code for a subject goes; for a decoy an address that no mail can reach (RFC 2606) and that is counted like any other.</summary>
internal sealed record EmailTarget(string Address, string Mask, bool IsDecoy)
{
    /// <summary>Null for an account without an alternate e-mail.</summary>
    public static EmailTarget? Of(GateSubject subject)
    {
        if (subject.Contacts is null)
        {
            return new($"{subject.Subject}@decoy.invalid", subject.DecoyMask, IsDecoy: true);
        }

        return subject.Contacts.AlternateEmail is { } email ? new(email.Value, EmailMask.OfDomain(email.Domain), IsDecoy: false) : null;
    }

    /// <summary>One mailbox, however its domain or name is written.</summary>
    public string Normalised => Address.ToLowerInvariant();
}
