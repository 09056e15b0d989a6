using PortalApp.Tenants;
using PortalApp.Users;

namespace PortalApp.Notifications.Notices;

/// <summary>What one person is told of their account.</summary>
/// <param name="Say">Its subject and its text, in the language of whoever reads it.</param>
internal sealed record Notice(NoticeKind Kind, Tenant Tenant, User User, Func<(string Subject, string Text)> Say)
{
    /// <summary>The addresses that were held before; unless told, all that are held. Whoever reads there may say that it was not them.</summary>
    public IReadOnlyList<string> Held { get; init; } = [.. User.ToContactData().AllEmail.Select(e => e.Value)];

    /// <summary>Those that what is told has added: whoever added them says nothing of anybody.</summary>
    public IReadOnlyList<string> Added { get; init; } = [];

    /// <summary>Who reads it, where that is not whom it is about.</summary>
    public User? Reader { get; init; }

    /// <summary>In which the pages spoke, for whoever chose no language; null where there was no page.</summary>
    public string? PageLanguage { get; init; }
}
