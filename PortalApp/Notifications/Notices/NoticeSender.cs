using System.Globalization;
using Microsoft.Extensions.Localization;
using PortalApp.Data;
using PortalApp.Layout.Languages;

namespace PortalApp.Notifications.Notices;

/// <summary>
/// Tells a person of what was done with their account, at every address held (H113): in their language, as text and as HTML, until it is sent.
/// </summary>
internal sealed class NoticeSender(MessageQueue messages, IStringLocalizer<NoticeTexts> texts, TimeProvider clock)
{
    /// <summary>A mail server that is down for longer than a long weekend is noticed.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    /// <summary>Within the caller's transaction.</summary>
    public Task AddAsync(PortalDb db, Notice notice)
    {
        var (tenant, user) = (notice.Tenant, notice.User);
        var language = Spoken.First(user.Language, notice.PageLanguage, tenant.Language);
        var letter = Spoken.In(language, () => Write(notice));
        foreach (var address in notice.Held.Concat(notice.Added).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            messages.Add(db, tenant.Id, MessageChannel.Email, letter.To(address), clock.GetUtcNow() + Lifetime);
        }

        return Task.CompletedTask;
    }

    /// <summary>After the commit.</summary>
    public void Wake() => messages.Wake();

    private Letter Write(Notice notice)
    {
        var (subject, text) = notice.Say();
        var foot = texts["Foot", notice.User.UserPrincipalName, notice.Tenant.Name];
        return new(CultureInfo.CurrentUICulture, subject, text, foot);
    }
}
