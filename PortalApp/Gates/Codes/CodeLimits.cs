using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Throttle;
using PortalApp.Throttle.Failures;

namespace PortalApp.Gates.Codes;

/// <summary>What came of asking whether another code may be sent. Closed: the two cases below.</summary>
internal abstract record SendingVerdict
{
    private SendingVerdict() { }

    /// <summary>It may, and is counted.</summary>
    /// <param name="Delivers">
    /// False where the address has got as many as may go to it: the mail is dropped in silence, since whoever was told would learn that the
    /// mailbox is somebody else's too.
    /// </param>
    /// <param name="Counted">The buckets in which it is counted.</param>
    public sealed record Send(bool Delivers, IReadOnlyList<string> Counted) : SendingVerdict;

    /// <param name="Counted">For whom what was counted, so that the audit tells it once.</param>
    public sealed record Refused(CodeRefusal Why, string Counted) : SendingVerdict;
}

/// <summary>How many codes may be sent (H15): in a flow, from a place, to a person, to an address, in a tenant.</summary>
internal sealed class CodeLimits(
    IDbContextFactory<PortalDb> databases,
    ThrottleStore throttle,
    FailureStore failures,
    LargeNetworks networks,
    Limits limits,
    TimeProvider clock
)
{
    /// <summary>Counted within the caller's transaction, which is undone where it is refused.</summary>
    public async Task<SendingVerdict> TakeAsync(PortalDb db, CodeUse use, CodeAddress address, CancellationToken cancellation)
    {
        if (
            OfFailures(await failures.LookAsync(db, use.Tenant, use.Subject, use.Caller, limits.FailuresBy(use.Method), cancellation)) is
            { } failed
        )
        {
            return new SendingVerdict.Refused(failed, $"failures/{Person(use)}");
        }

        var series = await FailureStore.SeriesAsync(db, use.Tenant, use.Subject, cancellation);
        var ofNetwork = await OfNetworkAsync(use, cancellation);
        foreach (var (limit, whom, why) in CountedBefore(use, series, ofNetwork))
        {
            if (!await throttle.TakeAsync(db, limit, whom, cancellation))
            {
                var until = await throttle.UsedUpUntilAsync(db, limit, whom, cancellation);
                return new SendingVerdict.Refused(why(until ?? clock.GetUtcNow()), $"{limit.Name}/{whom}");
            }
        }

        // Only now: who asks at once with another waits above until that one is done, and then sees its code.
        if (await WaitsUntilAsync(db, use, cancellation) is { } soon)
        {
            return new SendingVerdict.Refused(new CodeRefusal.TooSoon(soon), $"wait/{Person(use)}");
        }

        var counted = CountedBefore(use, series, ofNetwork).Select(c => throttle.Key(c.Limit, c.Whom));
        return await TakeOfAddressAsync(db, use, address, cancellation) is { } ofAddress
            ? new SendingVerdict.Send(!address.IsDecoy, [.. counted, .. ofAddress])
            : new SendingVerdict.Send(Delivers: false, [.. counted]);
    }

    /// <summary>Whether no code is sent to the person from where nobody knows them.</summary>
    public async Task<bool> AreUsedUpByStrangersAsync(TenantId tenant, string subject, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        return await AreUsedUpAsync(db, tenant, subject, await FailureStore.SeriesAsync(db, tenant, subject, cancellation), cancellation);
    }

    /// <summary>They are sent again, within the caller's transaction: of any number of callers one gets true.</summary>
    public async Task<bool> LiftAsync(PortalDb db, TenantId tenant, string subject, CancellationToken cancellation)
    {
        var series = await FailureStore.SeriesAsync(db, tenant, subject, cancellation);
        return await AreUsedUpAsync(db, tenant, subject, series, cancellation)
            && await FailureStore.BeginAnewAsync(db, tenant, subject, series, clock.GetUtcNow(), cancellation);
    }

    private async Task<bool> AreUsedUpAsync(PortalDb db, TenantId tenant, string subject, int series, CancellationToken cancellation)
    {
        var counted = new[] { limits.CodesToPerson, limits.Texts.ToPerson, limits.Calls.ToPerson };
        foreach (var limit in counted.SelectMany(shared => shared.Of(Familiarity.Stranger)))
        {
            if (await throttle.UsedUpUntilAsync(db, limit, $"{tenant}/{subject}/{series}", cancellation) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Codes that nobody could be sent cost nobody anything: what they were counted for counts no more.</summary>
    /// <param name="recipient">Where they went: <see cref="OneTimeCode.AddressMac"/> in hexadecimal digits.</param>
    public async Task GiveBackAsync(TenantId tenant, string recipient)
    {
        await using var db = await databases.CreateDbContextAsync();
        var address = Convert.FromHexString(recipient);
        var inVain = await db.Set<OneTimeCode>()
            .AsNoTracking()
            .Where(c => c.Tenant == tenant && c.AddressMac == address && c.UsedAt == null && c.Counted != null)
            .ToListAsync();
        foreach (var code in inVain)
        {
            await using var all = await db.Database.BeginTransactionAsync();
            var returned = await db.Set<OneTimeCode>()
                .Where(c => c.Id == code.Id && c.Tenant == tenant && c.Counted != null)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Counted, (string?)null));
            if (returned == 1)
            {
                await ThrottleStore.GiveBackAsync(db, code.Counted!.Split(' '), code.IssuedAt, default);
                await all.CommitAsync();
            }
        }
    }

    /// <summary>Why nothing that is typed is compared; null where it is.</summary>
    public async Task<CodeRefusal?> FailuresAsync(CodeUse use, CancellationToken cancellation) =>
        OfFailures(await failures.LookAsync(use.Tenant, use.Subject, use.Caller, limits.FailuresBy(use.Method), cancellation));

    /// <summary>Null where an answer may be compared, and is counted, within the caller's transaction.</summary>
    public async Task<CodeRefusal?> TakeFailureAsync(PortalDb db, CodeUse use, CancellationToken cancellation) =>
        OfFailures(await failures.TakeAsync(db, use.Tenant, use.Subject, use.Caller, limits.FailuresBy(use.Method), cancellation));

    /// <summary>Why no other code can be asked for now; null where one can. Counts nothing.</summary>
    public async Task<CodeRefusal?> HindranceAsync(CodeUse use, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var series = await FailureStore.SeriesAsync(db, use.Tenant, use.Subject, cancellation);
        foreach (var (limit, whom, why) in CountedBefore(use, series, await OfNetworkAsync(use, cancellation)))
        {
            if (await throttle.UsedUpUntilAsync(db, limit, whom, cancellation) is { } until)
            {
                return why(until);
            }
        }

        return await WaitsUntilAsync(db, use, cancellation) is { } soon ? new CodeRefusal.TooSoon(soon) : null;
    }

    /// <summary>In the order in which everybody takes them, and why a code is refused where one is used up.</summary>
    private IEnumerable<(Limit Limit, string Whom, Func<DateTimeOffset, CodeRefusal> Why)> CountedBefore(
        CodeUse use,
        int series,
        Limit? ofNetwork
    )
    {
        foreach (var limit in limits.CodesToPerson.Of(use.Caller.Familiarity))
        {
            yield return (limit, $"{Person(use)}/{series}", _ => new CodeRefusal.AccountLimited());
        }

        foreach (var limit in new[] { limits.CodesFromPlace, limits.CodesFromPlaceOfDay })
        {
            yield return (limit, $"{Person(use)}/{series}/{use.Caller.Place}", until => new CodeRefusal.TooManyCodes(until));
        }

        yield return (limits.CodesOfFlow, $"{use.Purpose}/{use.Owner}/{use.Method}", _ => new CodeRefusal.NoMoreHere());
        foreach (var limit in limits.CodesOfTenant.Of(use.Caller.Familiarity))
        {
            yield return (limit, $"{use.Tenant}", until => new CodeRefusal.TooManyCodes(until));
        }

        foreach (var phone in Of(use.Method) is { } costs ? CountedOfPhone(use, costs, series, ofNetwork) : [])
        {
            yield return phone;
        }
    }

    private static IEnumerable<(Limit Limit, string Whom, Func<DateTimeOffset, CodeRefusal> Why)> CountedOfPhone(
        CodeUse use,
        PhoneLimits costs,
        int series,
        Limit? ofNetwork
    )
    {
        foreach (var limit in costs.ToPerson.Of(use.Caller.Familiarity))
        {
            yield return (limit, $"{Person(use)}/{series}", _ => new CodeRefusal.AccountLimited());
        }

        if (use.Caller.Familiarity == Familiarity.Stranger && ofNetwork is not null)
        {
            foreach (var (limit, network) in ofNetwork.Of(use.Caller.Network))
            {
                yield return (limit, network.Value, until => new CodeRefusal.TooManyCodes(until));
            }
        }

        foreach (var limit in costs.OfTenant.Of(use.Caller.Familiarity))
        {
            yield return (limit, $"{use.Tenant}", until => new CodeRefusal.TooManyCodes(until));
        }
    }

    private async Task<Limit?> OfNetworkAsync(CodeUse use, CancellationToken cancellation) =>
        Of(use.Method) is { } costs ? await networks.OfAsync(costs.OfNetwork, use.Caller.Network, use.Tenant, cancellation) : null;

    /// <summary>Null for what costs nothing by the piece.</summary>
    private PhoneLimits? Of(GateMethod method) =>
        method switch
        {
            GateMethod.MobilePhoneText => limits.Texts,
            GateMethod.MobilePhoneCall or GateMethod.OfficePhoneCall => limits.Calls,
            _ => null,
        };

    /// <returns>The buckets; null where it has got as many as may go to it.</returns>
    private async Task<IReadOnlyList<string>?> TakeOfAddressAsync(
        PortalDb db,
        CodeUse use,
        CodeAddress address,
        CancellationToken cancellation
    )
    {
        Limit[] counted = [.. (Of(use.Method)?.ToNumber ?? limits.CodesToAddress).Of(use.Caller.Familiarity)];
        foreach (var limit in counted)
        {
            if (!await throttle.TakeAsync(db, limit, address.Normalised, cancellation))
            {
                return null;
            }
        }

        return [.. counted.Select(limit => throttle.Key(limit, address.Normalised))];
    }

    private async Task<DateTimeOffset?> WaitsUntilAsync(PortalDb db, CodeUse use, CancellationToken cancellation)
    {
        var since = clock.GetUtcNow() - limits.CodeWait;
        var last = await db.Set<OneTimeCode>()
            .Where(c =>
                c.Tenant == use.Tenant
                && c.Purpose == use.Purpose
                && c.Owner == use.Owner
                && c.Subject == use.Subject
                && c.Method == use.Method
                && c.IssuedAt > since
            )
            .OrderByDescending(c => c.IssuedAt)
            .Select(c => (DateTimeOffset?)c.IssuedAt)
            .FirstOrDefaultAsync(cancellation);
        return last + limits.CodeWait;
    }

    private static CodeRefusal? OfFailures(FailureVerdict verdict) =>
        verdict switch
        {
            FailureVerdict.Allowed => null,
            FailureVerdict.PlaceLimited place => new CodeRefusal.TooManyCodes(place.Until),
            FailureVerdict.PersonLimited => new CodeRefusal.AccountLimited(),
            _ => throw new UnreachableException(),
        };

    private static string Person(CodeUse use) => $"{use.Tenant}/{use.Subject}";
}
