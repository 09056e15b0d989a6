using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;

namespace PortalApp.Desk;

/// <summary>
/// Both palettes as one style sheet, made once out of what MudBlazor's theme provider would write into each page: light and dark follow the
/// system without a script, and no page needs a style element.
/// </summary>
internal sealed partial class DeskSheet(byte[] css)
{
    public byte[] Css { get; } = css;

    /// <summary>Of its content, so that it may be kept for ever.</summary>
    public string Path { get; } = $"/desk-theme.{Convert.ToHexStringLower(SHA256.HashData(css))[..12]}.css";

    public static async Task<DeskSheet> MakeAsync(IServiceProvider services)
    {
        await using var scope = services.CreateAsyncScope();
        var (light, dark) = (await StylesAsync(scope.ServiceProvider, false), await StylesAsync(scope.ServiceProvider, true));
        var common = string.Join('\n', light.Where(style => !style.Contains("::-webkit-scrollbar", StringComparison.Ordinal)));
        return new(Encoding.UTF8.GetBytes($"{common}\n@media (prefers-color-scheme: dark) {{\n{dark[^1]}\n}}\n"));
    }

    private static async Task<string[]> StylesAsync(IServiceProvider services, bool isDark)
    {
        await using var renderer = new HtmlRenderer(services, services.GetRequiredService<ILoggerFactory>());
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (
                await renderer.RenderComponentAsync<MudThemeProvider>(
                    ParameterView.FromDictionary(
                        new Dictionary<string, object?>
                        {
                            [nameof(MudThemeProvider.Theme)] = DeskTheme.Theme,
                            [nameof(MudThemeProvider.IsDarkMode)] = isDark,
                            [nameof(MudThemeProvider.ObserveSystemDarkModeChange)] = false,
                            [nameof(MudThemeProvider.DefaultScrollbar)] = false,
                        }
                    )
                )
            ).ToHtmlString()
        );
        return [.. Styles().Matches(html).Select(m => m.Groups["style"].Value)];
    }

    [GeneratedRegex("<style[^>]*>(?<style>.*?)</style>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Styles();
}
