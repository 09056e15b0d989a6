using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Primitives;
using Portal.Contacts;
using Portal.Tenants;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;
using PortalApp.Throttle;

namespace PortalApp.Tests.Gates;

/// <summary>What the tests of a gate do again and again.</summary>
internal static partial class GateSteps
{
    public static readonly TenantId Tenant = new(1);

    private static readonly Caller Home = new(new("198.51.100.0/24"), Familiarity.Stranger);

    public static GateSubject Anna(GatePortal portal, long flow = 1, string address = "anna@gmail.example") =>
        new(
            new(Tenant, "anna-anchor", Contacts(address)),
            "anna@contoso.example",
            "Contoso",
            "+31 20 5550100",
            flow,
            portal.Clock.GetUtcNow() + Limits.Standard.FlowLifetime,
            Home
        );

    public static GateSubject Decoy(GatePortal portal, long flow = 2) =>
        Anna(portal, flow) with
        {
            Person = new(Tenant, "decoy-key", null, DrawnQuestions: "1 2 3 4 5"),
        };

    public static GateSubject As(this GateSubject anna, string subject) => anna with { Person = anna.Person with { Subject = subject } };

    public static GateSubject From(this GateSubject subject, int network, Familiarity familiarity = Familiarity.Stranger) =>
        subject with
        {
            Caller = new(NetworkPrefix.Of(new IPAddress([203, 0, (byte)network, 7])), familiarity),
        };

    public static GateAnswer Wrong(int triesLeft) => new GateAnswer.Refused(new CodeRefusal.Wrong(triesLeft));

    public static ContactData Contacts(string address) =>
        ContactData.Empty with
        {
            AlternateEmailAddresses = [EmailAddress.TryParse(address)!],
            MobilePhone = PhoneNumber.TryParse("+31 612345678"),
            PhoneNumber = PhoneNumber.TryParse("+31 201234567x12"),
        };

    /// <summary>Asks for a code and reads it from the queued mail.</summary>
    public static async Task<string> SendAsync(this GatePortal portal, GateSubject subject)
    {
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(subject));
        return Code().Match((await portal.MailsAsync())[^1].Text.Replace(", ", "", StringComparison.Ordinal)).Value;
    }

    /// <summary>The same, once another one may be asked for.</summary>
    public static Task<string> SendAgainAsync(this GatePortal portal, GateSubject subject)
    {
        portal.Clock.Advance(Limits.Standard.CodeWait);
        return portal.SendAsync(subject);
    }

    public static Task<GateAnswer> AnswerAsync(this GatePortal portal, GateSubject subject, string typed) =>
        portal.Gate.AnswerAsync(
            subject,
            new FormCollection(new Dictionary<string, StringValues> { [CodeGate.Field] = typed }),
            TestContext.Current.CancellationToken
        );

    public static Task<GateBeginning> BeginAsync(this GatePortal portal, GateSubject subject, bool anew = true) =>
        portal.Gate.BeginAsync(subject, anew, TestContext.Current.CancellationToken);

    public static Task<CodeState?> StateAsync(this GatePortal portal, GateSubject subject) =>
        portal.Gate.StateAsync(subject, TestContext.Current.CancellationToken);

    public static async Task<IReadOnlyList<(OutgoingMessage Row, string Text)>> MailsAsync(this GatePortal portal)
    {
        var rows = await portal.WithDbAsync(db => db.Set<OutgoingMessage>().AsNoTracking().OrderBy(m => m.Id).ToListAsync());
        return [.. rows.Select(row => (row, GateGround.Open(portal.Services, row)))];
    }

    /// <summary>Eight digits that are not the code.</summary>
    public static string Wrong(string code, int guess = 0) =>
        ((int.Parse(code, CultureInfo.InvariantCulture) + 1 + guess) % 100_000_000).ToString("D8", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<!\d)\d{8}(?!\d)")]
    private static partial Regex Code();
}
