using System.Globalization;
using MudBlazor;

namespace PortalApp.Desk;

/// <summary>The tokens of the person's side (portal.css) as MudBlazor's palette, and the sizes of the desk.</summary>
internal static class DeskTheme
{
    /// <summary>Stands before the theme: static members are set in the order of the file.</summary>
    private static readonly string[] Fonts =
    [
        "system-ui",
        "-apple-system",
        "Segoe UI",
        "Roboto",
        "Noto Sans",
        "Liberation Sans",
        "sans-serif",
    ];

    public static MudTheme Theme { get; } =
        new()
        {
            PaletteLight = new PaletteLight()
            {
                Background = "#f4f5f7",
                Surface = "#ffffff",
                AppbarBackground = "#ffffff",
                DrawerBackground = "#f4f5f7",
                BackgroundGray = "#f7f8fa",
                TextPrimary = "#16191f",
                AppbarText = "#16191f",
                DrawerText = "#16191f",
                TextSecondary = "#474e5b",
                DrawerIcon = "#474e5b",
                ActionDefault = "#474e5b",
                Primary = "#0b4f9e",
                PrimaryDarken = "#083c79",
                PrimaryLighten = "#e8f0fb",
                PrimaryContrastText = "#ffffff",
                Info = "#0b4f9e",
                InfoDarken = "#083c79",
                InfoLighten = "#e8f0fb",
                InfoContrastText = "#ffffff",
                Success = "#115533",
                SuccessDarken = "#115533",
                SuccessLighten = "#e7f5ed",
                SuccessContrastText = "#ffffff",
                Error = "#9c1c1c",
                ErrorDarken = "#7a1313",
                ErrorLighten = "#fdeeee",
                ErrorContrastText = "#ffffff",
                Warning = "#6b4400",
                WarningDarken = "#6b4400",
                WarningLighten = "#fff4dc",
                WarningContrastText = "#ffffff",
                LinesInputs = "#6b7380",
                LinesDefault = "#dfe2e8",
                TableLines = "#dfe2e8",
                Divider = "#dfe2e8",
                TableHover = "#f4f6f9",
                TableStriped = "#f7f8fa",
                TextDisabled = "#474e5b",
                ActionDisabled = "#474e5b",
                ActionDisabledBackground = "#f4f5f7",
                OverlayDark = "rgba(15,18,22,0.55)",
                Skeleton = "rgba(22,25,31,0.11)",
                HoverOpacity = 0.06,
            },
            PaletteDark = new PaletteDark()
            {
                Background = "#0f1216",
                Surface = "#191d23",
                AppbarBackground = "#191d23",
                DrawerBackground = "#0f1216",
                BackgroundGray = "#13171c",
                TextPrimary = "#f2f4f7",
                AppbarText = "#f2f4f7",
                DrawerText = "#f2f4f7",
                TextSecondary = "#b9c0cb",
                DrawerIcon = "#b9c0cb",
                ActionDefault = "#b9c0cb",
                Primary = "#8ab8f5",
                PrimaryDarken = "#b3d1f9",
                PrimaryLighten = "#16263b",
                PrimaryContrastText = "#0b1420",
                Info = "#8ab8f5",
                InfoDarken = "#b3d1f9",
                InfoLighten = "#16263b",
                InfoContrastText = "#0b1420",
                Success = "#8fdcb0",
                SuccessDarken = "#8fdcb0",
                SuccessLighten = "#13301f",
                SuccessContrastText = "#0b1420",
                Error = "#ffb0a8",
                ErrorDarken = "#ffcdc8",
                ErrorLighten = "#3a1918",
                ErrorContrastText = "#2a0b09",
                Warning = "#f2c46b",
                WarningDarken = "#f2c46b",
                WarningLighten = "#33260d",
                WarningContrastText = "#2a0b09",
                LinesInputs = "#7c8594",
                LinesDefault = "#2b313a",
                TableLines = "#2b313a",
                Divider = "#2b313a",
                TableHover = "#20262e",
                TableStriped = "#13171c",
                TextDisabled = "#b9c0cb",
                ActionDisabled = "#b9c0cb",
                ActionDisabledBackground = "#0f1216",
                OverlayDark = "rgba(0,0,0,0.65)",
                Skeleton = "rgba(242,244,247,0.11)",
                HoverOpacity = 0.06,
            },
            LayoutProperties = new()
            {
                DefaultBorderRadius = "8px",
                AppbarHeight = "56px",
                DrawerWidthLeft = "216px",
            },
            Typography = new()
            {
                Default = Of<DefaultTypography>(14, 21, 400),
                Body1 = Of<Body1Typography>(14, 21, 400),
                Body2 = Of<Body2Typography>(14, 21, 400),
                H1 = Of<H1Typography>(24, 32, 600, "-.01em"),
                H2 = Of<H2Typography>(16, 24, 600),
                H3 = Of<H3Typography>(14, 21, 600),
                H4 = Of<H4Typography>(32, 40, 600, "-.02em"),
                H5 = Of<H5Typography>(20, 28, 600, "-.01em"),
                H6 = Of<H6Typography>(20, 28, 600, "-.01em"),
                Subtitle1 = Of<Subtitle1Typography>(18, 26, 600, "-.005em"),
                Subtitle2 = Of<Subtitle2Typography>(13, 20, 600),
                Button = Of<ButtonTypography>(14, 20, 600),
                Caption = Of<CaptionTypography>(13, 20, 400),
                Overline = Of<OverlineTypography>(13, 20, 600),
            },
        };

    private static T Of<T>(int size, int line, int weight, string spacing = "normal")
        where T : BaseTypography, new() =>
        new()
        {
            FontFamily = Fonts,
            FontSize = $"{(size / 16.0).ToString("0.####", CultureInfo.InvariantCulture)}rem",
            LineHeight = $"{(line / 16.0).ToString("0.####", CultureInfo.InvariantCulture)}rem",
            FontWeight = $"{weight}",
            LetterSpacing = spacing,
            TextTransform = "none",
        };
}
