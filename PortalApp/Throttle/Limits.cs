namespace PortalApp.Throttle;

/// <summary>
/// Every number that bounds what people, strangers and agents may do, in one place; one value for the portal, so that a test may hold one short.
/// An operator sets those of <see cref="LimitOptions"/>.
/// "A network" is a <see cref="NetworkPrefix"/>; those around one of IPv6 have limits too (<see cref="Limit.Of"/>). Pages by GET are not limited. The relay's own are <see cref="Portal.Relay.RelayLimits"/>.
/// </summary>
internal sealed record Limits
{
    /// <summary>Decimal digits of a code (NIST SP 800-63B-4 asks for 6 at least).</summary>
    public const int CodeDigits = 8;

    /// <summary>Characters of a posted captcha solution; a real one has about 600.</summary>
    public const int CaptchaPayloadLength = 2_048;

    /// <summary>What is older counts for nothing and is forgotten.</summary>
    public static readonly TimeSpan LongestWindow = TimeSpan.FromDays(1);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>As the portal runs.</summary>
    public static Limits Standard { get; } = new();

    /// <summary>How long a code works, unless its flow ends before it.</summary>
    public TimeSpan CodeLifetime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Codes that are compared with the one that was sent; a text that cannot be a code is not compared and costs nothing.</summary>
    public int TriesPerCode { get; init; } = 5;

    /// <summary>Of one gate in one flow.</summary>
    public Limit CodesOfFlow { get; init; } = new("codes/flow", 3, Hour);

    /// <summary>From one code of a flow to its next.</summary>
    public TimeSpan CodeWait { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>To one person, asked for from one place (<see cref="Caller.Place"/>): locks that pair alone.</summary>
    public Limit CodesFromPlace { get; init; } = new("codes/place", 10, Hour);

    /// <summary>The same: no one place uses up what strangers share.</summary>
    public Limit CodesFromPlaceOfDay { get; init; } = new("codes/place/day", 20, Day);

    /// <summary>To one person, over all flows.</summary>
    public SharedLimit CodesToPerson { get; init; } = new(new("codes/person", 60, Day), new("codes/person/strangers", 40, Day));

    /// <summary>To one address, over all tenants, so that none can be used to flood it. Beyond it the mail is dropped and nobody told.</summary>
    public SharedLimit CodesToAddress { get; init; } = new(new("codes/address", 60, Day), new("codes/address/strangers", 40, Day));

    /// <summary>Of one tenant: more than an organisation of ten thousand asks for on its worst Monday.</summary>
    public SharedLimit CodesOfTenant { get; init; } = new(new("codes/tenant", 30_000, Day), new("codes/tenant/strangers", 20_000, Day));

    public PhoneLimits Texts { get; init; } = PhoneLimits.Of("texts", number: 20, network: 300, tenant: 5_000);

    public PhoneLimits Calls { get; init; } = PhoneLimits.Of("calls", number: 12, network: 100, tenant: 2_000);

    /// <summary>About a number that pays somebody or lies abroad.</summary>
    public Limit NumberAlarmsOfPerson { get; init; } = new("number alarms/person", 1, Day);

    /// <summary>The first ones of the day say enough.</summary>
    public Limit NumberAlarmsOfTenant { get; init; } = new("number alarms", 20, Day);

    /// <summary>
    /// Wrong answers about one person, whatever is asked and in which flow, until all that is asked for was proved once or an operator lifts it
    /// (NIST SP 800-63B-4 §3.2.2 allows a hundred).
    /// </summary>
    public int FailuresInARow { get; init; } = 100;

    /// <summary>Of those; the rest is kept for who is familiar.</summary>
    public int FailuresOfStrangers { get; init; } = 80;

    /// <summary>About one person from one place: locks that pair alone. So one network needs four days for the strangers' share.</summary>
    public Limit FailuresFromPlace { get; init; } = new("failures/place", 20, Day);

    /// <summary>Of those by one method, one of mails aside: as often as administrators know it. Another method goes on meanwhile.</summary>
    public Limit FailuresByMethod { get; init; } = new("failures/method", 5, Hour);

    /// <summary>The same of codes that came by mail.</summary>
    public Limit FailuresByMail { get; init; } = new("failures/mail", 10, TimeSpan.FromMinutes(10));

    /// <summary>Times that one person proves all that is asked for, from wherever; whoever can has no need of more.</summary>
    public Limit SuccessesOfPerson { get; init; } = new("successes", 20, Hour);

    /// <summary>Wrong answers about a tenant's people; beyond it an alarm is raised and a second captcha asked for, and nobody is locked out.</summary>
    public Limit FailuresOfTenant { get; init; } = new("failures/tenant", 300, Hour);

    /// <summary>The same for all tenants together.</summary>
    public Limit FailuresOfAll { get; init; } = new("failures/all", 1_000, Hour);

    /// <summary>Wrong passwords and codes at the sign-in from one network; beyond it each one goes with a captcha.</summary>
    public Limit SignInFailuresOfNetwork { get; init; } = new("sign-in failures", 10, Hour);

    /// <summary>
    /// Passwords of one person that the directory is asked about and that were wrong, in the time for which directories commonly count. Its own
    /// lock-out is the agent's to keep away from; this keeps some of what is left before it for who is familiar.
    /// </summary>
    public SharedLimit DirectoryPasswords { get; init; } =
        new(new("directory passwords", 6, TimeSpan.FromMinutes(30)), new("directory passwords/strangers", 3, TimeSpan.FromMinutes(30)));

    /// <summary>Answers of providers that browsers bring; one that signs somebody in gives its place back, and <see cref="LargeNetworks"/> have more.</summary>
    public Limit ProviderReturnsOfNetwork { get; init; } = new("provider returns", 200, Hour);

    /// <summary>Browsers and networks in which a person succeeded; the newest.</summary>
    public int FamiliarPlaces { get; init; } = 20;

    /// <summary>Codes of a caller's authenticator app that one helper types for one person.</summary>
    public Limit CallerCodes { get; init; } = new("caller codes", 3, TimeSpan.FromMinutes(15));

    /// <summary>Audit events of one lock: whoever presses the button again and again must not fill the audit.</summary>
    public Limit LocksAudited { get; init; } = new("locks", 1, Hour);

    /// <summary>
    /// Open at once, of ten thousand: a browser holds one or two, and whoever stalls holds each for seconds. <see cref="LargeNetworks"/> have more,
    /// and the proxies that the operator trusts all that they need.
    /// </summary>
    public Limit ConnectionsOfNetwork { get; init; } = new("connections", 500, TimeSpan.FromMinutes(1));

    /// <summary>Open at once without an answer yet, some 45 KiB each, of all networks but <see cref="LargeNetworks"/>.</summary>
    public int UnansweredConnections { get; init; } = 250;

    /// <summary>A finished reset gives its place back; <see cref="LargeNetworks"/> have more of it.</summary>
    public Limit FlowsOfNetwork { get; init; } = new("flows", 200, Hour);

    /// <summary>From the user ID to the end, whatever stage it is in.</summary>
    public TimeSpan FlowLifetime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Passwords that one flow may try to set (I7).</summary>
    public int SetsPerFlow { get; init; } = 10;

    /// <summary>Questions about the account that one flow may ask again.</summary>
    public Limit ChecksOfFlow { get; init; } = new("checks", 10, Hour);

    /// <summary>Each page of the first step takes one.</summary>
    public Limit CaptchasOfNetwork { get; init; } = new("captcha", 120, TimeSpan.FromMinutes(1));

    /// <summary>From the captcha's issue to its last use: long enough for somebody who looks up the user ID meanwhile.</summary>
    public TimeSpan CaptchaLifetime { get; init; } = TimeSpan.FromMinutes(20);

    /// <summary>
    /// PBKDF2-HMAC-SHA-256 rounds for one guess at a captcha. A solution needs 256 guesses on average, so 2.6 million rounds: about 0.7 s in
    /// Chromium on two server cores and one to two on a phone of four, three times that for the unluckiest in twenty; a few milliseconds on the
    /// server, which derives once.
    /// </summary>
    public int CaptchaRounds { get; init; } = 10_000;

    /// <summary>With right and wrong codes: a tenant has few agents, and a code has 130 bits.</summary>
    public Limit EnrolmentsOfNetwork { get; init; } = new("enrolments", 20, Hour);

    /// <summary>The first ones of the hour say enough.</summary>
    public Limit AlarmsOfAgent { get; init; } = new("alarms", 60, Hour);

    /// <summary>One a minute and at a change is an agent's own pace.</summary>
    public Limit HellosOfAgent { get; init; } = new("hellos", 60, TimeSpan.FromMinutes(1));

    /// <summary>How a synchronisation stands: after each run, and four times a minute while a drop waits.</summary>
    public Limit StandingsOfAgent { get; init; } = new("standings", 30, TimeSpan.FromMinutes(1));

    /// <summary>That an administrator has sent to themselves.</summary>
    public Limit TestMailsOfPerson { get; init; } = new("test mails", 5, Hour);

    /// <summary>Of synchronisation, with up to 500 people each: half a million take ten minutes.</summary>
    public Limit BatchesOfAgent { get; init; } = new("batches", 240, TimeSpan.FromMinutes(1));

    /// <summary>Refused objects of a tenant that are audited: a full import repeats each of them with every run.</summary>
    public Limit SyncRefusalsAudited { get; init; } = new("sync refusals", 50, Hour);
}
