using System.Net;
using System.Text.RegularExpressions;
using PortalApp.Gates;
using PortalApp.Layout.Languages;
using PortalApp.PasswordReset.Flows;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.Gates;

namespace PortalApp.Tests.PasswordReset;

/// <summary>A browser without scripts: keeps cookies, fills in the form that it sees, follows redirects when told to.</summary>
internal sealed partial class Person(HttpClient http) : IDisposable
{
    public const string Password = "Winter haven 62";

    /// <summary>The forms of the gate that most people have.</summary>
    public static readonly string CodeForm = ResetForms.Answer(GateMethod.AlternateEmail);
    public static readonly string NewCodeForm = ResetForms.BeginGate(GateMethod.AlternateEmail);

    /// <summary>What a browser says of a link on another site.</summary>
    public static readonly (string, string)[] FromElsewhere =
    [
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Mode", "navigate"),
        ("Sec-Fetch-Dest", "document"),
    ];

    /// <summary>The antiforgery value of the last page that held one.</summary>
    public string PageToken => Token().Match(html).Groups["value"].Value;

    private readonly Dictionary<string, string> cookies = [];
    private string html = "";

    public IReadOnlyDictionary<string, string> Cookies => cookies;

    public void SetCookie(string name, string value) => cookies[name] = value;

    public void Dispose() => http.Dispose();

    /// <summary>Another tab of the same browser, with the page that this one shows.</summary>
    public Person SecondTab()
    {
        var tab = new Person(http) { html = html };
        foreach (var (name, value) in cookies)
        {
            tab.cookies[name] = value;
        }

        return tab;
    }

    /// <summary>A browser's tabs share its cookies.</summary>
    public void TakeCookiesOf(Person other)
    {
        foreach (var (name, value) in other.cookies)
        {
            cookies[name] = value;
        }
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return SendAsync(request);
    }

    /// <summary>Presses a link on another site: no strict cookie goes with it, and what the answer sets is kept.</summary>
    public async Task<Answer> FollowLinkFromElsewhereAsync(string path)
    {
        var held = cookies.ToDictionary();
        cookies.Clear();
        var answer = await GetAsync(path, FromElsewhere);
        foreach (var (name, value) in held)
        {
            cookies.TryAdd(name, value);
        }

        return answer.Headers.TryGetValue("Refresh", out var here)
            ? await GetAsync(new Uri(here.Split("url=")[1]).PathAndQuery, ("Sec-Fetch-Site", "same-origin"))
            : answer;
    }

    /// <summary>Posts one of the forms of the page that was fetched last.</summary>
    public Task<Answer> PostAsync(string path, string form, params (string Name, string Value)[] fields)
    {
        (string, string)[] hidden =
        [
            ("_handler", form),
            ("__RequestVerificationToken", PageToken),
            .. FlowField().Matches(html).Take(1).Select(m => (ResetForms.Flow, m.Groups["value"].Value)),
        ];
        return PostRawAsync(path, [.. hidden, .. fields]);
    }

    public async Task<Answer> PostRawAsync(
        string path,
        IEnumerable<(string Name, string Value)> fields,
        params (string Name, string Value)[] headers
    )
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        return await FollowRefusalAsync(await SendAsync(request));
    }

    /// <summary>What a gate refuses stands on the page that its answer leads to.</summary>
    private async Task<Answer> FollowRefusalAsync(Answer answer) =>
        answer.Location?.Contains("?refused=", StringComparison.Ordinal) == true ? await GetAsync(answer.Location) : answer;

    /// <summary>Presses a language at the foot of a page.</summary>
    public Task<Answer> ChooseLanguageAsync(string language, string page) =>
        PostRawAsync(LanguageForm.Path, [(LanguageForm.Language, language), (LanguageForm.Return, page)]);

    /// <param name="solution">Of a captcha that was solved before; null solves one.</param>
    public async Task<Answer> BeginAsync(string name, string? solution = null)
    {
        await GetAsync(ResetPaths.Begin);
        solution ??= await CaptchaSolver.SolveAsync(http, CancellationToken.None);
        var answer = await PostAsync(ResetPaths.Begin, ResetForms.Begin, ("username", name), ("altcha", solution));
        return answer.Location == ResetPaths.Refused ? await GetAsync(ResetPaths.Refused) : answer;
    }

    public async Task<Answer> TypeCodeAsync(string code, GateMethod method = GateMethod.AlternateEmail)
    {
        await GetAsync(ResetPaths.Verify);
        return await PostAsync(ResetPaths.Verify, ResetForms.Answer(method), ("code", code));
    }

    public async Task<Answer> ChooseAsync(GateMethod method)
    {
        await GetAsync(ResetPaths.Method);
        return await PostAsync(ResetPaths.Method, ResetForms.Choose, ("method", $"{(int)method}"));
    }

    public async Task<Answer> SayWordsAsync(GateMethod method, string first, string second)
    {
        await GetAsync(ResetPaths.Verify);
        return await PostAsync(ResetPaths.Verify, ResetForms.Answer(method), (WordGate.First, first), (WordGate.Second, second));
    }

    public Task<Answer> FinishAsync(string password = Password, string? confirm = null) =>
        PostAsync(ResetPaths.Password, ResetForms.Finish, ("password", password), ("confirm", confirm ?? password));

    private async Task<Answer> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            request.Headers.Accept.ParseAdd("text/html");
            if (cookies.Count > 0)
            {
                request.Headers.Add("Cookie", string.Join("; ", cookies.Select(c => $"{c.Key}={c.Value}")));
            }

            using var response = await http.SendAsync(request);
            foreach (var set in response.Headers.TryGetValues("Set-Cookie", out var values) ? values : [])
            {
                var pair = set.Split(';')[0].Split('=', 2);
                cookies[pair[0]] = pair[1];
            }

            var text = await response.Content.ReadAsStringAsync();
            html = Token().IsMatch(text) ? text : html;
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(h => h.Key, h => string.Join(", ", h.Value));
            return new(response.StatusCode, response.Headers.Location?.OriginalString, text, headers);
        }
    }

    [GeneratedRegex("""name="__RequestVerificationToken" value="(?<value>[^"]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Token();

    [GeneratedRegex("""name="flow" value="(?<value>[^"]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex FlowField();
}

/// <param name="Location">Where a redirect leads; null for a page.</param>
internal sealed partial record Answer(HttpStatusCode Status, string? Location, string Html, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>The page without what is random in it: antiforgery values, traces, masks and times.</summary>
    public string Comparable => Random().Replace(Text, "*");

    /// <summary>The page with its character references resolved.</summary>
    public string Text => WebUtility.HtmlDecode(Html);

    [GeneratedRegex("""(?<=__RequestVerificationToken" value=")[^"]+|\b[0-9A-Z]{4}-[0-9A-Z]{4}\b|•••[^<]+|<!--bl:\d+-->""")]
    private static partial Regex Random();
}
