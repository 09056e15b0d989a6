using Microsoft.Extensions.Options;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Passwords.Hashes;
using PortalApp.Passwords.Rules;
using PortalApp.Tenants;
using PortalApp.Users;
using PortalApp.Writeback;
using PortalApp.Writeback.Requests;

namespace PortalApp.Passwords;

/// <summary>
/// The portal itself, for people in no directory. Its requests have rows as any other's; what an agent would do is done after the commit, and
/// the hash becomes true with the row's end. A portal that dies in between leaves the old password, and the row ends as not attempted.
/// </summary>
internal sealed class PortalHome(
    RequestStore requests,
    PortalRules rules,
    UserPasswords passwords,
    PendingHashes pending,
    IOptions<WritebackOptions> options,
    TimeProvider clock
) : IPasswordHome
{
    public PasswordRules? KnownRules(User user) => rules.Of(user);

    public Task<HealthAnswer> HealthAsync(Domain domain, CancellationToken cancellation) =>
        Task.FromResult<HealthAnswer>(new HealthAnswer.Up());

    public Task<RequestAdding> CheckAsync(PortalDb db, User user, RequestOrigin origin, CancellationToken cancellation) =>
        AddAsync(
            db,
            NewRow(user, RequestKind.Check, origin),
            row => EndAsync(row, new WritebackResult.Settable(rules.Of(user))),
            cancellation
        );

    public Task<PolicyVerdict> JudgeAsync(User user, PasswordRules? asked, string typed, CancellationToken cancellation) =>
        rules.JudgeAsync(user, typed, cancellation);

    public Task<RequestAdding> SetAsync(
        PortalDb db,
        User user,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => AddAsync(db, NewRow(user, RequestKind.Reset, origin), row => SetAsync(row, password), cancellation);

    /// <summary>It always has to be changed: nothing here keeps it from that.</summary>
    public Task<RequestAdding> SetTemporaryAsync(
        PortalDb db,
        User user,
        NewPassword password,
        bool mustChange,
        RequestOrigin origin,
        CancellationToken cancellation
    ) => AddAsync(db, NewRow(user, RequestKind.AdministratorReset, origin), row => SetAsync(row, password), cancellation);

    public Task<RequestAdding> ChangeAsync(
        PortalDb db,
        User user,
        string key,
        CurrentPassword current,
        NewPassword password,
        RequestOrigin origin,
        CancellationToken cancellation
    )
    {
        var row = NewRow(user, RequestKind.Change, origin);
        row.Subject = key;
        return AddAsync(
            db,
            row,
            async asked =>
                await passwords.IsRightAsync(user.Id, current, CancellationToken.None)
                    ? await SetAsync(asked, password)
                    : await EndAsync(asked, new WritebackResult.Rejected(WritebackReason.WrongCurrentPassword, null)),
            cancellation
        );
    }

    private async Task<RequestAdding> AddAsync(PortalDb db, Request row, Func<Request, Task<bool>> carry, CancellationToken cancellation) =>
        await requests.AddAsync(db, row, cancellation) is { } open
            ? new RequestAdding.AlreadyOpen(open)
            : new RequestAdding.Added(new RequestId(row.Id), () => carry(row));

    private async Task<bool> SetAsync(Request row, NewPassword password) =>
        await pending.HoldAsync(row, passwords.HashOf(password), CancellationToken.None) is { } held
        && await EndAsync(held, new WritebackResult.Applied(Unlocked: false));

    private Task<bool> EndAsync(Request row, WritebackResult result) => requests.EndAsync(row, result, CancellationToken.None);

    private Request NewRow(User user, RequestKind kind, RequestOrigin origin)
    {
        var now = clock.GetUtcNow();
        return new()
        {
            Id = RequestId.New().Value,
            Tenant = user.Tenant,
            Anchor = user.Id,
            Kind = kind,
            Flow = origin.Flow,
            Trace = origin.Trace,
            Initiator = origin.Initiator,
            Issued = now,
            Deadline = now + options.Value.Deadline,
            Open = OutcomeRules.Writes(kind),
        };
    }
}
