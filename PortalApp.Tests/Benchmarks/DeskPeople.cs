using System.Globalization;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Portal.Contacts;
using Portal.Tenants;
using Portal.Writeback;
using PortalApp.Data;
using PortalApp.Users;

namespace PortalApp.Tests.Benchmarks;

/// <summary>People for a bench, the same ones each time: names of a few syllables, a mobile phone, and every second an address.</summary>
internal static class DeskPeople
{
    public const int Count = 100_000;
    private const int PerBatch = 2_000;
    private static readonly string[] Syllables =
    [
        .. "ba de jo ka li ma ne pi ro sa te vi wa zo an el is or ur bert mar len gard stra hof dijk berg man sen".Split(' '),
    ];
    private static readonly string[] Between = ["van", "de", "van den", "", "", ""];

    public static async Task AddAsync(IDbContextFactory<PortalDb> databases, TenantId tenant, CancellationToken cancellation)
    {
        for (var made = 0; made < Count; made += PerBatch)
        {
            await using var db = await databases.CreateDbContextAsync(cancellation);
            db.AddRange(Enumerable.Range(made, PerBatch).Select(number => Make(tenant, number)));
            await db.SaveChangesAsync(cancellation);
        }
    }

    private static User Make(TenantId tenant, int number)
    {
        var (first, last) = (Word(number, 0), Word(number, 2) + Syllables[Pick(number, 4, Syllables.Length)]);
        var between = Between[Pick(number, 5, Between.Length)];
        var digits = number.ToString("00000", CultureInfo.InvariantCulture);
        var user = new User
        {
            Id = CloudAnchor.New().Value,
            Tenant = tenant,
            Connector = "bench",
            SourceAnchor = digits,
            UserPrincipalName = $"{first}.{last}{digits}@corp.test".ToLowerInvariant(),
            DisplayName = $"{first} {between} {last}".Replace("  ", " ", StringComparison.Ordinal),
        };
        user.Contacts.Add(Value(user, ContactField.MobilePhone, $"+31 6{10_000_000 + Pick(number, 6, 89_999_999)}"));
        if (number % 2 == 0)
        {
            user.Contacts.Add(Value(user, ContactField.AlternateEmailAddresses, $"{last}{digits}@{first}.example".ToLowerInvariant()));
        }

        return user;
    }

    private static string Word(int number, int first)
    {
        var word = Syllables[Pick(number, first, Syllables.Length)] + Syllables[Pick(number, first + 1, Syllables.Length)];
        return char.ToUpperInvariant(word[0]) + word[1..];
    }

    /// <summary>Like chance, and the same each time.</summary>
    private static int Pick(int number, int what, int of) =>
        (int)(BitConverter.ToUInt32(SHA256.HashData(BitConverter.GetBytes(((long)number << 8) + what))) % (uint)of);

    private static ContactValue Value(User user, ContactField field, string value) =>
        new()
        {
            Tenant = user.Tenant,
            UserId = user.Id,
            Field = field,
            Value = value,
        };
}
