using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PortalApp.Tests.Benchmarks;

/// <summary>A server of one page of the framework's own kind, with a field and a table that says what was typed: nothing is looked up for it.</summary>
internal static class BareField
{
    public const string Path = "/bare";

    /// <param name="script">The framework's, as a portal serves it.</param>
    public static async Task<WebApplication> StartAsync(byte[] script, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddRouting();
        builder.Services.AddAntiforgery();
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        var app = builder.Build();
        app.UseRouting();
        app.UseAntiforgery();
        app.MapGet("/_framework/blazor.web.js", () => Results.Bytes(script, "text/javascript"));
        app.MapRazorComponents<BareDocument>().AddInteractiveServerRenderMode();
        await app.StartAsync(cancellation);
        return app;
    }
}

internal sealed class BareDocument : ComponentBase
{
    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.AddMarkupContent(0, "<!DOCTYPE html>");
        builder.OpenElement(1, "html");
        builder.AddMarkupContent(2, "<head><base href=\"/\"></head>");
        builder.OpenElement(3, "body");
        builder.OpenComponent<BareTable>(4);
        builder.AddComponentRenderMode(new InteractiveServerRenderMode(prerender: true));
        builder.CloseComponent();
        builder.AddMarkupContent(5, "<script src=\"/_framework/blazor.web.js\"></script>");
        builder.CloseElement();
        builder.CloseElement();
    }
}

/// <summary>Public, as only such pages are found.</summary>
[Route(BareField.Path)]
public sealed class BarePage : ComponentBase;

internal sealed class BareTable : ComponentBase
{
    private const int Rows = 25;
    private string typed = "";

    protected override void BuildRenderTree(RenderTreeBuilder builder)
    {
        builder.OpenElement(0, "section");
        builder.OpenElement(1, "input");
        builder.AddAttribute(2, "id", "q");
        builder.AddAttribute(3, "disabled", !RendererInfo.IsInteractive);
        builder.AddAttribute(
            4,
            "oninput",
            EventCallback.Factory.Create<ChangeEventArgs>(this, change => typed = change.Value as string ?? "")
        );
        builder.CloseElement();
        builder.OpenElement(5, "table");
        for (var row = 0; row < Rows; row++)
        {
            builder.OpenElement(6, "tr");
            builder.AddContent(7, $"{typed} {row}");
            builder.CloseElement();
        }

        builder.CloseElement();
        builder.CloseElement();
    }
}
