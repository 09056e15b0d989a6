using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Tenants;
using PortalApp.Data;

namespace PortalApp.Audit.Chain;

/// <summary>What somebody outside kept of a chain, such as from the last line that was shipped.</summary>
internal sealed record KeptSeal(long Number, string Seal);

/// <summary>Walks a chain from its beginning, in constant memory, and says of each entry that is not what was sealed which it is.</summary>
internal sealed class AuditVerification(IDbContextFactory<PortalDb> databases, AuditKeys keys)
{
    /// <summary>Beyond so many nobody asks where each was moved from.</summary>
    private const int MostFindings = 1000;

    public async Task<IReadOnlyList<TenantId?>> ChainsAsync(CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var sealedOnes = await db.Set<AuditSeal>().Select(s => s.Tenant).Distinct().ToListAsync(cancellation);
        var written = await db.Set<AuditEntry>().Select(a => a.Tenant).Distinct().ToListAsync(cancellation);
        return [.. sealedOnes.Union(written).OrderBy(tenant => tenant?.Value ?? 0)];
    }

    public async Task<AuditReport> VerifyAsync(TenantId? chain, KeptSeal? kept, CancellationToken cancellation)
    {
        await using var db = await databases.CreateDbContextAsync(cancellation);
        var trimmed = await db.Set<AuditEntry>()
            .Where(a => a.Tenant == chain && a.Event == AuditEventId.AuditTrimmed)
            .OrderByDescending(a => a.Id)
            .Select(a => a.Detail)
            .FirstOrDefaultAsync(cancellation);
        using var walk = new ChainWalk(keys, chain, Trimmed.NumberOf(trimmed), kept);
        var links =
            from s in db.Set<AuditSeal>().AsNoTracking()
            where s.Tenant == chain
            join e in db.Set<AuditEntry>() on s.Entry equals e.Id into found
            from e in found.DefaultIfEmpty()
            orderby s.Number
            select new { Seal = s, Entry = e };
        await foreach (var link in links.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            walk.Step(link.Seal, link.Entry);
        }

        var through = await db.Set<AuditProgress>().Select(p => p.SealedThrough).SingleAsync(cancellation);
        var beside = db.Set<AuditEntry>().Where(a => a.Tenant == chain && !db.Set<AuditSeal>().Any(s => s.Entry == a.Id));
        var added = await beside
            .Where(a => a.Id <= through)
            .OrderBy(a => a.Id)
            .Select(a => a.Id)
            .Take(MostFindings)
            .ToListAsync(cancellation);
        return new(
            walk.Sealed,
            await beside.LongCountAsync(a => a.Id > through, cancellation),
            walk.TrimmedThrough,
            [.. walk.End(), .. added.Select(id => new AuditFinding.Added(id))]
        );
    }

    /// <summary>One chain's, number by number.</summary>
    private sealed class ChainWalk(AuditKeys keys, TenantId? chain, long trimmed, KeptSeal? kept) : IDisposable
    {
        private readonly SealMac mac = keys.NewMac();
        private readonly ECDsa signer = keys.NewSigner();
        private readonly List<AuditFinding> findings = [];
        private readonly List<(AuditSeal Seal, byte[] Before, AuditEntry Entry)> broken = [];
        private byte[] before = SealMac.Beginning;
        private long number;
        private bool hasKept = kept is null;

        public long Sealed { get; private set; }

        public long TrimmedThrough { get; private set; }

        public void Step(AuditSeal seal, AuditEntry? entry)
        {
            var isBehindGap = seal.Number != number + 1;
            if (isBehindGap)
            {
                Miss(number + 1, seal.Number - 1);
            }

            if (entry is null)
            {
                Miss(seal.Number, seal.Number);
            }
            else if (isBehindGap)
            {
                findings.Add(new AuditFinding.Unproven(seal.Number, entry));
            }
            else
            {
                Check(seal, entry);
            }

            hasKept |= seal.Number == kept?.Number && Convert.ToBase64String(seal.Mac) == kept.Seal;
            (before, number) = (seal.Mac, seal.Number);
        }

        public List<AuditFinding> End()
        {
            findings.AddRange(broken.Select(FindingOf));
            if (!hasKept)
            {
                findings.Add(new AuditFinding.Other(kept!.Number));
            }

            return findings;
        }

        public void Dispose()
        {
            mac.Dispose();
            signer.Dispose();
        }

        private void Miss(long from, long to)
        {
            if (to <= trimmed)
            {
                TrimmedThrough = to;
            }
            else if (findings.LastOrDefault() is AuditFinding.Missing last && last.To == from - 1)
            {
                findings[^1] = last with { To = to };
            }
            else
            {
                findings.Add(new AuditFinding.Missing(from, to));
            }
        }

        private void Check(AuditSeal seal, AuditEntry entry)
        {
            Sealed++;
            if (!mac.Of(before, seal.Number, entry).AsSpan().SequenceEqual(seal.Mac))
            {
                if (broken.Count < MostFindings)
                {
                    broken.Add((seal, before, entry));
                }
            }
            else if (entry.Event == AuditEventId.AuditDayClosed && !IsTrue(entry))
            {
                findings.Add(new AuditFinding.Unsigned(seal.Number, entry));
            }
        }

        private bool IsTrue(AuditEntry entry) => DayHead.Read(entry.Detail)?.IsSignedBy(signer, chain) == true;

        /// <summary>An entry that fits a number where another stands was moved.</summary>
        private AuditFinding FindingOf((AuditSeal Seal, byte[] Before, AuditEntry Entry) at)
        {
            foreach (var (seal, behind, _) in broken)
            {
                if (seal.Number != at.Seal.Number && (Fits(at.Entry, at.Entry.Id) || Fits(at.Entry, seal.Entry)))
                {
                    return new AuditFinding.Moved(seal.Number, at.Seal.Number, at.Entry);
                }

                bool Fits(AuditEntry entry, long id) => mac.Of(behind, seal.Number, entry.WithId(id)).AsSpan().SequenceEqual(seal.Mac);
            }

            return new AuditFinding.Changed(at.Seal.Number, at.Entry);
        }
    }
}
