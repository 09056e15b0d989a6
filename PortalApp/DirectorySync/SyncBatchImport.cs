using Portal.Contacts;
using Portal.DirectorySync;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Users;

namespace PortalApp.DirectorySync;

/// <summary>The rules of one batch, on what was loaded for it; neither network nor database.</summary>
/// <param name="users">The connector's users that the batch names, tracked.</param>
/// <param name="holders">Who holds which user principal name, by name.</param>
internal sealed class SyncBatchImport(
    TenantId tenant,
    string connector,
    IReadOnlySet<string> domains,
    IEnumerable<User> users,
    Dictionary<string, string> holders,
    Action<User> add,
    DateTimeOffset now
)
{
    private const int MaxDisplayName = 256;
    private const int MaxAnchorShown = 64;
    private readonly Dictionary<string, User> known = users.ToDictionary(u => u.SourceAnchor!, StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);

    public SyncObjectResult Take(SyncObject entry)
    {
        var anchor = entry.SourceAnchor;
        if (!Guid.TryParseExact(anchor, "D", out var guid) || guid.ToString("D") != anchor)
        {
            return Refused(entry, SyncErrors.NoAnchor);
        }

        if (taken.Contains(anchor))
        {
            return Refused(entry, SyncErrors.Twice);
        }

        if (UserPrincipalName.TryParse(entry.UserPrincipalName) is not { } name || !domains.Contains(name.Domain))
        {
            return Refused(entry, SyncErrors.NoName);
        }

        known.TryGetValue(anchor, out var user);
        if (holders.TryGetValue(name.Value, out var holder) && holder != user?.Id)
        {
            return Refused(entry, SyncErrors.NameTaken);
        }

        taken.Add(anchor);
        user ??= Project(anchor, name);
        Flow(user, name, entry.DisplayName);
        var errors = new[]
        {
            Flow(user, ContactField.MobilePhone, entry.MobilePhone) ? null : SyncErrors.BadMobilePhone,
            Flow(user, ContactField.PhoneNumber, entry.PhoneNumber) ? null : SyncErrors.BadPhoneNumber,
        };
        var error = string.Join(' ', errors.OfType<string>());
        return new(anchor, user.Id, error.Length == 0 ? null : error);
    }

    private static SyncObjectResult Refused(SyncObject entry, string why) =>
        new(entry.SourceAnchor.Length > MaxAnchorShown ? entry.SourceAnchor[..MaxAnchorShown] : entry.SourceAnchor, null, why);

    private User Project(string anchor, UserPrincipalName name)
    {
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = tenant,
            Connector = connector,
            SourceAnchor = anchor,
            UserPrincipalName = name.Value,
            CreatedAt = now,
            ChangedAt = now,
        };
        add(user);
        known[anchor] = user;
        holders[name.Value] = user.Id;
        return user;
    }

    private void Flow(User user, UserPrincipalName name, string? displayName)
    {
        var shown = Clean(displayName);
        if (user.UserPrincipalName != name.Value)
        {
            holders.Remove(user.UserPrincipalName);
            holders[name.Value] = user.Id;
            (user.UserPrincipalName, user.ChangedAt) = (name.Value, now);
        }

        if (user.DisplayName != shown)
        {
            (user.DisplayName, user.ChangedAt) = (shown, now);
        }
    }

    /// <summary>
    /// False for a number of the wrong form, which counts as none. A number that an administrator set by hand stands until the directory has one.
    /// </summary>
    private bool Flow(User user, ContactField field, string? incoming)
    {
        var value = PhoneNumber.TryParse(incoming)?.Value;
        var held = user.Contacts.SingleOrDefault(c => c.Field == field);
        if (value is null && held?.Source == ContactSource.Sync)
        {
            user.Contacts.Remove(held);
        }
        else if (value is not null && held is null)
        {
            user.Contacts.Add(
                new ContactValue
                {
                    Tenant = user.Tenant,
                    UserId = user.Id,
                    Field = field,
                    Value = value,
                    Source = ContactSource.Sync,
                    ChangedAt = now,
                }
            );
        }
        else if (value is not null && held!.Value != value)
        {
            (held.Value, held.Source, held.ChangedAt) = (value, ContactSource.Sync, now);
        }

        return value is not null || string.IsNullOrWhiteSpace(incoming);
    }

    /// <summary>One line, bounded (H111).</summary>
    private static string? Clean(string? text)
    {
        var clean = (text ?? "").OnOneLine().Trim();
        return clean.Length == 0 ? null
            : clean.Length > MaxDisplayName ? clean[..MaxDisplayName]
            : clean;
    }
}
