using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;
using PortalApp.Data;
using PortalApp.Layout.Languages;
using PortalApp.Secrets;

namespace PortalApp.Notifications.Notices;

/// <summary>
/// Tells a person of what was done with their account, at every address held (H113): in their language, as text and as HTML, until it is sent.
/// What goes to addresses that were held before has the link by which they say that it was not them.
/// </summary>
internal sealed class NoticeSender(
    MessageQueue messages,
    IStringLocalizer<NoticeTexts> texts,
    IOptions<PortalOptions> options,
    TimeProvider clock
)
{
    /// <summary>A mail server that is down for longer than a long weekend is noticed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Within the caller's transaction.</summary>
    public Task AddAsync(PortalDb db, Notice notice)
    {
        var reader = notice.Reader ?? notice.User;
        var language = Spoken.First(reader.Language, notice.PageLanguage, notice.Tenant.Language);
        var letter = Spoken.In(language, () => Write(notice));
        var link = notice is { Reader: null, Held.Count: > 0 } ? AddLink(db, notice) : null;
        var disputable = link is null ? letter : letter with { Press = Spoken.In(language, () => Dispute(link)) };
        Add(db, notice, disputable, notice.Held);
        Add(db, notice, letter, notice.Added.Except(notice.Held, StringComparer.OrdinalIgnoreCase));
        return Task.CompletedTask;
    }

    /// <summary>After the commit.</summary>
    public void Wake() => messages.Wake();

    private void Add(PortalDb db, Notice notice, Letter letter, IEnumerable<string> addresses)
    {
        foreach (var address in addresses.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            messages.Add(db, notice.Tenant.Id, MessageChannel.Email, letter.To(address), clock.GetUtcNow() + Lifetime);
        }
    }

    private string AddLink(PortalDb db, Notice notice)
    {
        var key = KeyCookie.NewKey();
        db.Add(
            new DisputeLink
            {
                Tenant = notice.Tenant.Id,
                UserId = notice.User.Id,
                Kind = notice.Kind,
                KeyHash = KeyCookie.Hash(key),
                SentAt = clock.GetUtcNow(),
            }
        );
        return $"{options.Value.Origin}{DisputeLink.Path}/{key}";
    }

    private LetterPress Dispute(string link) => new(texts["DisputeText", DisputeLink.Lifetime.Days], texts["Dispute"], link);

    private Letter Write(Notice notice)
    {
        var (subject, text) = notice.Say();
        var foot = texts["Foot", notice.User.UserPrincipalName, notice.Tenant.Name];
        return new(CultureInfo.CurrentUICulture, subject, text, foot);
    }
}
