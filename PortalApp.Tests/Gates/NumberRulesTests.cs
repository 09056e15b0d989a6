using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PhoneNumbers;
using Portal.Contacts;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Notifications;
using PortalApp.Tenants;
using PortalApp.Throttle;
using PortalApp.Users;
using PhoneNumber = Portal.Contacts.PhoneNumber;

namespace PortalApp.Tests.Gates;

/// <summary>Which numbers cost a tenant money, and how much.</summary>
public class NumberRulesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory, Trait("Case", "H16")]
    [InlineData("NL", PhoneNumberType.PREMIUM_RATE)]
    [InlineData("NL", PhoneNumberType.TOLL_FREE)]
    [InlineData("GB", PhoneNumberType.PREMIUM_RATE)]
    [InlineData("GB", PhoneNumberType.PERSONAL_NUMBER)]
    [InlineData("DE", PhoneNumberType.MOBILE)]
    [InlineData("JM", PhoneNumberType.FIXED_LINE_OR_MOBILE)]
    internal async Task A_dear_or_foreign_number_is_never_texted_or_called_and_raises_an_alarm(string country, PhoneNumberType type)
    {
        await using var portal = await GatePortal.StartAsync();
        await SetCountriesAsync(portal, "NL,GB,US");
        var anna = With(GateSteps.Anna(portal), Example(country, type));

        foreach (var method in new[] { GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall, GateMethod.OfficePhoneCall })
        {
            portal.Method = method;
            Assert.Empty(await portal.Gate.HeldByAsync([anna.Person], Ct));
        }

        Assert.Empty(await portal.MailsAsync());
        var alarm = await portal.WithDbAsync(db => db.Set<AuditEntry>().SingleAsync(a => a.Event == AuditEventId.NumberNotServed));
        Assert.Equal((GateSteps.Tenant, true), (alarm.Tenant!.Value, alarm.Detail!.Length > 0));
        Assert.DoesNotContain(anna.Person.Contacts!.MobilePhone!.Callable[4..], alarm.Detail, StringComparison.Ordinal);
    }

    [Fact, Trait("Case", "H16")]
    public async Task A_code_for_a_typed_number_that_is_not_served_is_refused_before_anything_is_sent()
    {
        await using var portal = await GatePortal.StartAsync();
        var codes = portal.Services.GetRequiredService<PhoneCodes>();
        var anna = GateSteps.Anna(portal);
        var use = new CodeUse(
            GateSteps.Tenant,
            CodePurpose.Registration,
            "1",
            GateMethod.MobilePhoneText,
            "anna-anchor",
            anna.FlowEnds,
            anna.Caller
        );

        Assert.Equal(
            new GateBeginning.Refused(new CodeRefusal.NotServed()),
            await SendAsync(MessageChannel.Sms, Example("DE", PhoneNumberType.MOBILE))
        );
        Assert.Equal(
            new GateBeginning.Refused(new CodeRefusal.NotServed()),
            await SendAsync(MessageChannel.Sms, Example("NL", PhoneNumberType.FIXED_LINE))
        );
        Assert.Empty(await portal.MailsAsync());
        Assert.IsType<GateBeginning.Begun>(await SendAsync(MessageChannel.Sms, Example("NL", PhoneNumberType.MOBILE)));
        var text = GateGround.Content(portal.Services, Assert.Single(await portal.MailsAsync()).Row).Text;
        Assert.Equal(
            new GateAnswer.Passed(),
            await codes.AnswerAsync(use, MessageChannel.Sms, Example("NL", PhoneNumberType.MOBILE), text.Split(": ")[1][..8], Ct)
        );

        Task<GateBeginning> SendAsync(MessageChannel channel, PhoneNumber number) =>
            codes.SendAsync(use, channel, number, "Contoso", "anna@contoso.example", "+31 20 5550100", Ct);
    }

    [Theory, Trait("Case", "H16")]
    [InlineData("+31 691234567", true)]
    [InlineData("+1 9991234567", false)]
    public async Task A_number_of_no_known_kind_is_served_where_its_code_is_one_countrys(string number, bool isServed)
    {
        await using var portal = await GatePortal.StartAsync();
        await SetCountriesAsync(portal, "NL,US");
        var anna = With(GateSteps.Anna(portal), PhoneNumber.TryParse(number)!);

        portal.Method = GateMethod.MobilePhoneText;
        Assert.Equal(isServed, (await portal.Gate.HeldByAsync([anna.Person], Ct)).Count == 1);
    }

    [Fact]
    public async Task A_landline_is_called_and_not_texted_and_raises_no_alarm()
    {
        await using var portal = await GatePortal.StartAsync();
        var anna = With(GateSteps.Anna(portal), Example("NL", PhoneNumberType.FIXED_LINE));

        portal.Method = GateMethod.MobilePhoneText;
        Assert.Empty(await portal.Gate.HeldByAsync([anna.Person], Ct));
        portal.Method = GateMethod.MobilePhoneCall;
        Assert.Single(await portal.Gate.HeldByAsync([anna.Person], Ct));
        Assert.Equal(0, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.NumberNotServed)));
    }

    [Fact]
    public async Task Unless_an_administrator_names_them_the_countries_are_the_helpdesks_and_those_of_three_people()
    {
        await using var portal = await GatePortal.StartAsync();
        await AddPeopleAsync(portal, Example("BE", PhoneNumberType.MOBILE), people: 3);
        await AddPeopleAsync(portal, Example("DE", PhoneNumberType.MOBILE), people: 2);
        await AddPeopleAsync(portal, Example("US", PhoneNumberType.FIXED_LINE_OR_MOBILE), people: 3);
        var rules = portal.Services.GetRequiredService<NumberRules>();

        Assert.Equal(["BE", "CA", "NL", "US"], (await rules.CountriesAsync(GateSteps.Tenant, Ct)).Codes.Order());
        await SetCountriesAsync(portal, "FR");
        portal.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(["FR"], (await rules.CountriesAsync(GateSteps.Tenant, Ct)).Codes);
    }

    [Fact]
    public async Task Whoever_is_counted_as_having_a_phone_is_who_is_offered_it_at_the_gate()
    {
        await using var portal = await GatePortal.StartAsync();
        await SetCountriesAsync(portal, "NL");
        var (dutch, foreign) = (Example("NL", PhoneNumberType.MOBILE), Example("DE", PhoneNumberType.MOBILE));
        foreach (
            var mobile in new[] { dutch, foreign, Example("NL", PhoneNumberType.PREMIUM_RATE), Example("NL", PhoneNumberType.FIXED_LINE) }
        )
        {
            await AddPersonAsync(portal, $"office {mobile}", (ContactField.PhoneNumber, mobile));
            await AddPersonAsync(portal, $"mobile {mobile}", (ContactField.MobilePhone, mobile));
            await AddPersonAsync(portal, $"own {mobile}", (ContactField.MobilePhone, dutch), (ContactField.AuthenticationPhone, mobile));
        }

        var users = await portal.WithDbAsync(db => db.Set<User>().Include(u => u.Contacts).ToListAsync(Ct));
        foreach (var method in new[] { GateMethod.MobilePhoneText, GateMethod.MobilePhoneCall, GateMethod.OfficePhoneCall })
        {
            portal.Method = method;
            var offered = await portal.Gate.HeldByAsync([.. users.Select(u => GatePerson.Of(u.Tenant, u.Id, u))], Ct);
            var counted = await portal.WithDbAsync(async db =>
                await (await portal.Gate.HoldersAsync(db, GateSteps.Tenant, Ct)).ToListAsync(Ct)
            );
            Assert.Equal(
                method == GateMethod.MobilePhoneText ? 2
                    : method == GateMethod.MobilePhoneCall ? 4
                    : 2,
                counted.Count
            );
            Assert.Equal(offered.Keys.Order(StringComparer.Ordinal), counted.Order(StringComparer.Ordinal));
        }
    }

    [Fact, Trait("Case", "H16")]
    public async Task Alarms_of_one_person_are_raised_once_a_day()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.MobilePhoneCall;
        var anna = With(GateSteps.Anna(portal), Example("DE", PhoneNumberType.MOBILE));
        for (var again = 0; again < 5; again++)
        {
            await portal.Gate.HeldByAsync([anna.Person], Ct);
        }

        Assert.Equal(1, await portal.WithDbAsync(db => db.Set<AuditEntry>().CountAsync(a => a.Event == AuditEventId.NumberNotServed)));
    }

    [Fact, Trait("Case", "H15"), Trait("Case", "H12")]
    public async Task Texts_and_calls_to_one_person_are_counted_apart_and_refused_after_the_days_share()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.MobilePhoneText;
        var texts = Limits.Standard.Texts.ToPerson.OfStrangers.Most;
        for (var flow = 1; flow <= texts; flow++)
        {
            Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, flow).From(flow)));
        }

        Assert.Equal(
            new GateBeginning.Refused(new CodeRefusal.AccountLimited()),
            await portal.BeginAsync(GateSteps.Anna(portal, 90).From(90))
        );
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 91).From(91, Familiarity.Browser)));
        portal.Method = GateMethod.MobilePhoneCall;
        Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, 92).From(92)));
    }

    [Fact, Trait("Case", "H15"), Trait("Case", "H13")]
    public async Task One_network_and_one_tenant_have_so_many_calls_a_day_and_the_next_one_is_not_made()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.MobilePhoneCall;
        var (network, tenant) = (Limits.Standard.Calls.OfNetwork, Limits.Standard.Calls.OfTenant.OfStrangers);
        Assert.Equal(network.Most, await CallsAsync(n => GateSteps.Anna(portal, n).As($"p{n}").From(1), network.Most + 1));
        await TakeAllAsync(portal, tenant, $"{GateSteps.Tenant}", but: network.Most + 1);

        Assert.Equal(1, await CallsAsync(n => GateSteps.Anna(portal, 1000 + n).As($"q{n}").From(n), 2));
        Assert.Equal(network.Most + 1, (await portal.MailsAsync()).Count);

        async Task<int> CallsAsync(Func<int, GateSubject> subject, int most)
        {
            var begun = 0;
            for (var n = 1; n <= most; n++)
            {
                begun += await portal.BeginAsync(subject(n)) is GateBeginning.Begun ? 1 : 0;
            }

            return begun;
        }
    }

    [Fact, Trait("Case", "H15")]
    public async Task One_number_gets_so_many_texts_a_day_over_all_its_owners_and_the_next_one_is_dropped_in_silence()
    {
        await using var portal = await GatePortal.StartAsync();
        portal.Method = GateMethod.MobilePhoneText;
        var most = Limits.Standard.Texts.ToNumber.OfStrangers.Most;
        for (var n = 1; n <= most + 1; n++)
        {
            Assert.IsType<GateBeginning.Begun>(await portal.BeginAsync(GateSteps.Anna(portal, n).As($"p{n}").From(n)));
        }

        Assert.Equal(
            (most, 1),
            ((await portal.MailsAsync()).Count(m => m.Row.Deliver), (await portal.MailsAsync()).Count(m => !m.Row.Deliver))
        );
    }

    private static async Task TakeAllAsync(GatePortal portal, Limit limit, string whom, int but)
    {
        // As all the others of the day would have, in one row.
        await portal.Throttle.TakeAsync(limit with { Most = int.MaxValue }, whom, Ct);
        await portal.WithDbAsync(db =>
            db.Set<ThrottleCount>().Where(t => t.Count == but).ExecuteUpdateAsync(set => set.SetProperty(t => t.Count, limit.Most - 1), Ct)
        );
    }

    private static GateSubject With(GateSubject anna, PhoneNumber number) =>
        anna with
        {
            Person = anna.Person with { Contacts = anna.Person.Contacts! with { MobilePhone = number, PhoneNumber = number } },
        };

    private static PhoneNumber Example(string country, PhoneNumberType type)
    {
        var numbers = PhoneNumberUtil.GetInstance();
        var example = numbers.GetExampleNumberForType(country, type);
        return PhoneNumber.TryParse($"+{example.CountryCode} {numbers.GetNationalSignificantNumber(example)}")!;
    }

    private static Task<int> SetCountriesAsync(GatePortal portal, string countries) =>
        portal.WithDbAsync(db => db.Set<Tenant>().ExecuteUpdateAsync(set => set.SetProperty(t => t.PhoneCountries, countries)));

    private static async Task AddPeopleAsync(GatePortal portal, PhoneNumber number, int people)
    {
        for (var n = 0; n < people; n++)
        {
            await AddPersonAsync(portal, $"{number.Callable}-{n}", (ContactField.MobilePhone, number));
        }
    }

    private static Task<int> AddPersonAsync(GatePortal portal, string name, params (ContactField Field, PhoneNumber Number)[] phones) =>
        portal.WithDbAsync(db =>
        {
            var user = new User
            {
                Id = CloudAnchor.New().Value,
                Tenant = GateSteps.Tenant,
                Connector = "c",
                SourceAnchor = name,
                UserPrincipalName = $"{name}@corp.test",
            };
            foreach (var (field, number) in phones)
            {
                var source = field == ContactField.AuthenticationPhone ? ContactSource.Registration : ContactSource.Sync;
                Assert.Null(ContactStore.Write(user, field, [number.Value], source, Actor.Portal, default));
            }

            db.Add(user);
            return db.SaveChangesAsync();
        });
}
