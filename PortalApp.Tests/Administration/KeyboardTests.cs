using Microsoft.Playwright;
using PortalApp.Tests.Fixtures.Browsers;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.SignIn;
using PortalApp.Users;
using static Microsoft.Playwright.Assertions;

namespace PortalApp.Tests.Administration;

/// <summary>The desk without a mouse: the Tab key comes by everything that can be used, and shows where it is.</summary>
public sealed class KeyboardTests(BrowserFixture browser)
{
    /// <summary>Fields are switched off until their circuit is there.</summary>
    private const string IsAlive = """
        () => {
          const fields = [...document.querySelectorAll('main :is(button, input, select)')];
          return fields.length === 0 || fields.some(field => !field.disabled);
        }
        """;

    /// <summary>What can be used: of a group of radio buttons one, and nothing that is hidden or switched off.</summary>
    private const string Usable = """
        () => {
          const groups = new Set();
          return [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter(element => {
            if (element.disabled || element.type === 'hidden' || element.tabIndex < 0 || element.closest('[inert], dialog:not([open])')) return false;
            if (!element.checkVisibility({ visibilityProperty: true })) return false;
            if (element.type !== 'radio') return true;
            const first = !groups.has(element.name);
            groups.add(element.name);
            return first;
          }).map(element => element.outerHTML.slice(0, 120));
        }
        """;

    /// <summary>Where the focus is, and what of it can be seen: an outline or a shadow on it, or on what it lies in.</summary>
    private const string Focused = """
        () => {
          const element = document.activeElement;
          const group = element.type === 'radio' ? document.querySelector(`input[type=radio][name="${element.name}"]`) : element;
          const shown = [element, element.parentElement, element.nextElementSibling, element.closest('tr')].filter(Boolean).some(e => {
            const style = getComputedStyle(e);
            return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0 || style.boxShadow !== 'none';
          });
          return [group.outerHTML.slice(0, 120), shown ? 'shown' : 'unseen'];
        }
        """;

    [Fact]
    public async Task Each_page_of_the_desk_is_used_by_keyboard_alone_and_shows_where_the_focus_is()
    {
        await using var portal = await ResetPortal.StartAsync();
        var anna = await portal.AddUserAsync("anna", "anna@gmail.example");
        using var admin = await DeskPerson.SetUpAsync(portal, "admin", Role.Administrator);
        await using var tab = await browser.OpenAsync(portal.Address.GetLeftPart(UriPartial.Authority));
        await tab.SignInAsync(admin, portal.Address);

        foreach (
            var path in DeskTests
                .Pages.Where(page => !page.Path.Contains('.'))
                .Select(page => page.Path.Replace("somebody", anna.Id, StringComparison.Ordinal))
        )
        {
            await tab.Page.GotoAsync(path);
            await Expect(tab.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToBeVisibleAsync();
            await tab.Page.WaitForFunctionAsync(IsAlive);
            var usable = await tab.Page.EvaluateAsync<string[]>(Usable);
            var reached = new HashSet<string>();
            for (var press = 0; press < 4 * usable.Length && !reached.IsSupersetOf(usable); press++)
            {
                await tab.Page.Keyboard.PressAsync("Tab");
                var focused = await tab.Page.EvaluateAsync<string[]>(Focused);
                reached.Add(focused[0]);
                // A page comes to life while it is gone through, and its elements are other ones then.
                usable = await tab.Page.EvaluateAsync<string[]>(Usable);
                Assert.True(focused[1] == "shown" || !usable.Contains(focused[0]), $"{path}: no focus is seen on {focused[0]}");
            }

            Assert.Empty(usable.Except(reached).Select(element => $"{path}: not reached: {element}"));
        }
    }
}
