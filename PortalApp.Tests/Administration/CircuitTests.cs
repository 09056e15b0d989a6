using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>What somebody with a role and tools of their own can do to the desk's circuits.</summary>
public sealed partial class CircuitTests(BrowserFixture browser)
{
    /// <summary>
    /// Calls methods of the hub one after another over a socket of its own, as the framework's script does (BlazorPack: MessagePack in frames
    /// with a length). Of each: the value of its completion, "error", "void", or "closed".
    /// </summary>
    private const string CallHub = """
        async calls => {
          const text = s => { const b = new TextEncoder().encode(s); return [0xda, b.length >> 8, b.length & 255, ...b]; };
          const value = v => typeof v === 'string' ? text(v) : v === null ? [0xc0] : [0xd3, 0, 0, 0, 0, 0, 0, v >> 8, v & 255];
          const frame = body => {
            const length = [];
            for (let n = body.length; ; n >>= 7) { length.push(n > 127 ? (n & 127) | 128 : n); if (n <= 127) break; }
            return new Uint8Array([...length, ...body]);
          };
          const socket = new WebSocket(`wss://${location.host}/_blazor`);
          socket.binaryType = 'arraybuffer';
          let heard = () => {};
          const closed = new Promise(done => { socket.onclose = () => done('closed'); });
          socket.onmessage = message => heard(typeof message.data === 'string' ? [...new TextEncoder().encode(message.data)] : [...new Uint8Array(message.data)]);
          await new Promise(done => { socket.onopen = done; socket.onerror = done; });
          const shaken = new Promise(done => { heard = done; });
          socket.send('{"protocol":"blazorpack","version":1}\u001e');
          await Promise.race([shaken, closed]);
          const answers = [];
          for (const [method, ...args] of calls) {
            const answered = new Promise(done => {
              heard = bytes => {
                for (let at = 0; at + 5 < bytes.length; at++) {
                  if (bytes[at] >= 0x94 && bytes[at] <= 0x95 && bytes[at + 1] === 3 && bytes[at + 3] === 0xa1 && bytes[at + 4] === 0x31) {
                    const kind = bytes[at + 5];
                    done(kind === 1 ? 'error' : kind === 2 ? 'void' : bytes[at + 6] === 0xc3 ? 'true' : bytes[at + 6] === 0xc2 ? 'false' : bytes[at + 6] === 0xc0 ? 'null' : 'value');
                  }
                }
              };
            });
            socket.send(frame([0x96, 1, 0x80, 0xa1, 0x31, ...text(method), 0x90 | args.length, ...args.flatMap(value), 0x90]));
            answers.push(await Promise.race([answered, closed]));
          }
          socket.close();
          return answers;
        }
        """;

    [Fact]
    [Trait("Case", "H94")]
    public async Task A_circuit_is_taken_up_again_by_its_own_session_and_by_no_other()
    {
        await using var portal = await ResetPortal.StartAsync();
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        using var peer = await DeskPerson.SetUpAsync(portal, "peer", Role.Administrator);
        await using var tab = await OpenAsync(portal, admin);
        await using var other = await OpenAsync(portal, peer);
        var secret = SecretOf(tab.Page);
        await tab.Page.GotoAsync("/desk/users");
        await Expect(tab.Page.GetByLabel("Name or user ID")).ToBeEnabledAsync();
        await other.Page.GotoAsync("/desk/users");

        Assert.Contains(
            await CallAsync(
                other.Page,
                [
                    ["ConnectCircuit", await secret],
                ]
            ),
            answer => answer is "error" or "closed"
        );
        await tab.Page.GetByLabel("Name or user ID").PressSequentiallyAsync("peer");
        await Expect(tab.Page.GetByRole(AriaRole.Row).Filter(new() { HasText = "admin@cloud.test" })).ToHaveCountAsync(0);
        Assert.Equal(
            ["true"],
            await CallAsync(
                tab.Page,
                [
                    ["ConnectCircuit", await secret],
                ]
            )
        );
    }

    [Fact]
    [Trait("Case", "H92")]
    public async Task Forged_components_and_events_out_of_turn_reach_nothing()
    {
        const string forged = """[{"type":"server","sequence":0,"descriptor":"Zm9yZ2Vk","prerenderId":"1","key":null}]""";
        await using var portal = await ResetPortal.StartAsync();
        using var reader = await DeskPerson.SetUpAsync(portal, "reader", Role.ReportsReader);
        await using var tab = await OpenAsync(portal, reader);
        await tab.Page.GotoAsync("/desk");
        var origin = portal.Address.GetLeftPart(UriPartial.Authority);

        var started = await CallAsync(
            tab.Page,
            [
                ["StartCircuit", $"{origin}/", $"{origin}/desk/settings", forged, ""],
            ]
        );
        var early = await CallAsync(
            tab.Page,
            [
                ["OnRenderCompleted", 7, null],
                ["BeginInvokeDotNetFromJS", "1", null, "DispatchEventAsync", 1, "[]"],
            ]
        );
        var invoked = await CallAsync(
            tab.Page,
            [
                ["StartCircuit", $"{origin}/", $"{origin}/desk", "[]", ""],
                ["BeginInvokeDotNetFromJS", "1", "PortalApp", "SetRoleAsync", 0, "[]"],
                ["OnLocationChanged", $"{origin}/desk/settings", null, 1],
            ]
        );

        Assert.DoesNotContain("value", started);
        Assert.DoesNotContain("value", early);
        Assert.DoesNotContain("true", invoked);
        await tab.Page.GotoAsync("/desk");
        await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
        await tab.Page.GotoAsync("/desk/settings");
        await Expect(tab.Page.GetByLabel("Helpdesk, phone")).ToHaveCountAsync(0);
    }

    private static async Task<string[]> CallAsync(IPage page, object?[][] calls) => await page.EvaluateAsync<string[]>(CallHub, calls);

    private static Task<string> SecretOf(IPage page)
    {
        var found = new TaskCompletionSource<string>();
        page.WebSocket += (_, socket) =>
            socket.FrameReceived += (_, frame) =>
            {
                if (frame.Binary is { } bytes && Secret().Match(Encoding.Latin1.GetString(bytes)) is { Success: true } match)
                {
                    found.TrySetResult(match.Value);
                }
            };
        return found.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private async Task<BrowserTab> OpenAsync(ResetPortal portal, DeskPerson person)
    {
        var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(person, portal.Address);
        return tab;
    }

    [GeneratedRegex("CfDJ8[A-Za-z0-9_-]{60,}")]
    private static partial Regex Secret();
}
