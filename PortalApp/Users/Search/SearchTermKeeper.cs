using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace PortalApp.Users.Search;

/// <summary>Whoever writes a name or a contact value writes what the person is found by, in the same transaction: nobody has to think of it.</summary>
internal sealed class SearchTermKeeper : SaveChangesInterceptor
{
    /// <summary>Used by the framework for keys of its own.</summary>
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        Touched(eventData.Context!.ChangeTracker).Count == 0 ? result : throw new NotSupportedException("People are saved asynchronously.");

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        var db = eventData.Context!;
        if (Touched(db.ChangeTracker) is { Count: > 0 } touched)
        {
            await WriteAsync(db, touched, cancellationToken);
        }

        return result;
    }

    /// <summary>The people of whom something that is searched will be written.</summary>
    private static HashSet<string> Touched(ChangeTracker changes) =>
        [
            .. changes.Entries<User>().Where(IsSearched).Select(user => user.Entity.Id),
            .. changes
                .Entries<ContactValue>()
                .Where(contact => contact.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
                .Select(contact => contact.Entity.UserId),
        ];

    private static bool IsSearched(EntityEntry<User> user) =>
        user.State == EntityState.Added
        || (
            user.State == EntityState.Modified
            && (
                user.Property(u => u.UserPrincipalName).IsModified
                || user.Property(u => u.DisplayName).IsModified
                || user.Property(u => u.GoneAt).IsModified
            )
        );

    private static async Task WriteAsync(DbContext db, HashSet<string> touched, CancellationToken cancellation)
    {
        var people = db.ChangeTracker.Entries<User>().Where(user => touched.Contains(user.Entity.Id)).ToList();
        List<string> known = [.. touched.Except(people.Where(p => p.State == EntityState.Added).Select(p => p.Entity.Id))];
        if (known.Count > 0)
        {
            await db.Set<SearchTerm>().Where(t => known.Contains(t.UserId)).LoadAsync(cancellation);
        }

        var held = db
            .ChangeTracker.Entries<SearchTerm>()
            .Where(term => term.State != EntityState.Deleted)
            .ToLookup(term => term.Entity.UserId);
        foreach (var id in touched)
        {
            var user = people.Find(p => p.Entity.Id == id) ?? db.Entry(await db.Set<User>().SingleAsync(u => u.Id == id, cancellation));
            if (user.State == EntityState.Deleted)
            {
                continue;
            }

            if (user.State != EntityState.Added && user.Entity.GoneAt is null)
            {
                await user.Collection(u => u.Contacts).LoadAsync(cancellation);
            }

            Write(db, user.Entity, [.. held[id]]);
        }
    }

    private static void Write(DbContext db, User user, IReadOnlyList<EntityEntry<SearchTerm>> held)
    {
        var terms = SearchText.TermsOf(user);
        foreach (var term in held.Where(term => !terms.Contains(term.Entity.Term)))
        {
            term.State = term.State == EntityState.Added ? EntityState.Detached : EntityState.Deleted;
        }

        db.AddRange(
            terms
                .Except(held.Select(term => term.Entity.Term))
                .Select(term => new SearchTerm
                {
                    UserId = user.Id,
                    Tenant = user.Tenant,
                    Term = term,
                })
        );
    }
}
