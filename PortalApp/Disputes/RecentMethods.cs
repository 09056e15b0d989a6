using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using PortalApp.Authenticators.Apps;
using PortalApp.Authenticators.Passkeys;
using PortalApp.Authenticators.RecoveryCodes;
using PortalApp.Data;
using PortalApp.Gates.Questions;
using PortalApp.Registration.Contacts;
using PortalApp.Users;

namespace PortalApp.Disputes;

/// <summary>What a person is verified by and was registered lately: whoever did that need not have been them.</summary>
internal static class RecentMethods
{
    /// <summary>Takes it away, also what waits to count, within the caller's transaction; what an administrator or the directory says stays.</summary>
    /// <param name="user">With contacts.</param>
    /// <returns>What went, for the audit.</returns>
    public static async Task<IReadOnlyList<string>> VoidAsync(PortalDb db, User user, DateTimeOffset since, CancellationToken cancellation)
    {
        var id = user.Id;
        bool IsRecent(ContactValue c) => c.Source == ContactSource.Registration && c.ChangedAt > since;
        string[] contacts = [.. user.Contacts.Where(IsRecent).Select(c => $"{c.Field}")];
        user.Contacts.RemoveAll(IsRecent);
        (string What, int Rows)[] gone =
        [
            ("what waited to count", await db.Set<ContactChange>().Where(c => c.UserId == id).ExecuteDeleteAsync(cancellation)),
            ("answers", await db.Set<SecurityAnswer>().Where(a => a.UserId == id && a.SetAt > since).ExecuteDeleteAsync(cancellation)),
            (
                "authenticator apps",
                await db.Set<AuthenticatorApp>().Where(a => a.UserId == id && a.SetUpAt > since).ExecuteDeleteAsync(cancellation)
            ),
            ("passkeys", await db.Set<Passkey>().Where(p => p.UserId == id && p.AddedAt > since).ExecuteDeleteAsync(cancellation)),
            (
                "recovery codes",
                await db.Set<RecoveryCode>().Where(c => c.UserId == id && c.MadeAt > since).ExecuteDeleteAsync(cancellation)
            ),
        ];
        return [.. contacts, .. gone.Where(g => g.Rows > 0).Select(g => g.What)];
    }
}
