using PortalApp.Audit;
using PortalApp.Gates;
using PortalApp.Layout;
using PortalApp.Layout.Languages;

namespace PortalApp.PasswordReset.Flows;

/// <summary>
/// Stands before the pages of a flow: finds the flow by its cookie, works out its stage, and sends the browser to the page of that stage. So
/// back, reload, a second tab and a form out of turn each end where the flow truly is. Writes nothing.
/// </summary>
internal sealed class StageGuard(RequestDelegate next, FlowReader flows, LogPerMinute lines, ILogger<StageGuard> logger)
{
    /// <summary>The hidden field by which Blazor tells a page's forms apart.</summary>
    private const string FormField = "_handler";

    public async Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value?.TrimEnd('/').ToLowerInvariant();
        if (path is not (ResetPaths.Method or ResetPaths.Verify or ResetPaths.Password or ResetPaths.Result))
        {
            await next(http);
            return;
        }

        var flow = await flows.FindAsync(http.Request, http.RequestAborted);
        var page = path is ResetPaths.Method && flow is { MayChoose: true } ? path : flow?.Page ?? ResetPaths.Begin;
        if (flow is null || page != path || (HttpMethods.IsPost(http.Request.Method) && !IsInTurn(flow, http.Request)))
        {
            Send(http, flow is null || page == path, page);
            return;
        }

        http.Features.Set(flow);
        http.Features.Set(new LanguageOfTenant(flow.Tenant.Language));
        await next(http);
    }

    /// <param name="isLikeTheOld">The page does not show by itself that nothing came of the form.</param>
    private void Send(HttpContext http, bool isLikeTheOld, string page)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            http.Response.Redirect(page);
            return;
        }

        var path = http.Request.Path.ToString();
        lines.Say("out of turn", more => logger.OutOfTurn(path, page, more));
        http.SeeOther(isLikeTheOld ? $"{page}?{PersonPage.Moved}=1" : page);
    }

    /// <summary>A form of another flow of the same browser (H24) is out of turn as well: the cookie alone does not say whose password it means.</summary>
    private static bool IsInTurn(StandingFlow flow, HttpRequest request) =>
        (flow.Stage, request.Form[FormField].ToString()) switch
        {
            _ when request.Form[ResetForms.Flow] != flow.Row.Trace => false,
            (_, ResetForms.Choose) => flow.MayChoose,
            (ResetStage.Gate, var form) => form == ResetForms.Answer(flow.Asked!.Method) || form == ResetForms.BeginGate(flow.Asked.Method),
            (ResetStage.NotReached, ResetForms.CheckAgain) => true,
            (ResetStage.ChoosePassword, ResetForms.Finish) => true,
            (ResetStage.ChoosePassword, ResetForms.Unlock) => flow.MayUnlock,
            _ => false,
        };
}

/// <summary>The names of the wizard's forms.</summary>
internal static class ResetForms
{
    /// <summary>The hidden field that says to which flow a form belongs: its trace.</summary>
    public const string Flow = "flow";
    public const string Begin = "begin";
    public const string Choose = "choose";
    public const string CheckAgain = "check-again";
    public const string Finish = "finish";
    public const string Unlock = "unlock";

    /// <summary>Each gate has a form of its own, so that none is answered with what was meant for another.</summary>
    public static string Answer(GateMethod method) => $"answer-{(int)method}";

    public static string BeginGate(GateMethod method) => $"begin-{(int)method}";
}
