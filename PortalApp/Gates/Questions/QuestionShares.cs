using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;
using PortalApp.Secrets;

namespace PortalApp.Gates.Questions;

/// <summary>
/// Which questions a name without an account seems to have answered: drawn by a keyed hash, the same for ever, each question as likely as real
/// people choose it. Counted once a minute for a tenant.
/// </summary>
internal sealed class QuestionShares(IDbContextFactory<PortalDb> databases, PortalKeys keys, TimeProvider clock)
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    /// <summary>Of a question that nobody chose: the last ones to be drawn.</summary>
    private const double Unchosen = 1e-9;

    private readonly ConcurrentDictionary<TenantId, (DateTimeOffset At, IReadOnlyList<(long Id, int People)> Chosen)> counts = new();

    /// <param name="most">How many.</param>
    public async Task<IReadOnlyList<long>> DrawAsync(TenantId tenant, string subject, int most, CancellationToken cancellation)
    {
        var chosen = await OfAsync(tenant, cancellation);
        return [.. chosen.OrderBy(q => -Math.Log(1 - Fraction(subject, q.Id)) / Math.Max(q.People, Unchosen)).Take(most).Select(q => q.Id)];
    }

    private async Task<IReadOnlyList<(long Id, int People)>> OfAsync(TenantId tenant, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (counts.TryGetValue(tenant, out var held) && now - held.At < Kept)
        {
            return held.Chosen;
        }

        await using var db = await databases.CreateDbContextAsync(cancellation);
        var people = await AnswerStore
            .Counting(db, tenant)
            .GroupBy(a => a.Question)
            .Select(g => new { g.Key, Count = g.Count() })
            .ToDictionaryAsync(g => g.Key, g => g.Count, cancellation);
        var offered = await QuestionStore.Offered(db, tenant).OrderBy(q => q.Id).Select(q => q.Id).ToListAsync(cancellation);
        IReadOnlyList<(long, int)> chosen = [.. offered.Select(id => (id, people.GetValueOrDefault(id)))];
        counts[tenant] = (now, chosen);
        return chosen;
    }

    private double Fraction(string subject, long question)
    {
        var hash = FieldMac.Of(keys.Decoy, "question", subject, question.ToString(CultureInfo.InvariantCulture));
        return (BinaryPrimitives.ReadUInt64BigEndian(hash) >> 11) * Math.ScaleB(1, -53);
    }
}
