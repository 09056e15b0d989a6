using Portal.PasswordReset;

namespace PortalApp.PasswordReset.Flows;

/// <summary>
/// Stands before the pages of a flow: finds the flow by its cookie, works out its stage, and sends the browser to the page of that stage. So
/// back, reload, a second tab and a form out of turn each end where the flow truly is. Writes nothing.
/// </summary>
internal sealed class StageGuard(RequestDelegate next, FlowReader flows)
{
    /// <summary>The hidden field by which Blazor tells a page's forms apart.</summary>
    private const string FormField = "_handler";

    public async Task InvokeAsync(HttpContext http)
    {
        var path = http.Request.Path.Value?.TrimEnd('/').ToLowerInvariant();
        if (path is not (ResetPaths.Verify or ResetPaths.Password or ResetPaths.Result))
        {
            await next(http);
            return;
        }

        var flow = await flows.FindAsync(http.Request, http.RequestAborted);
        var page = flow?.Page ?? ResetPaths.Begin;
        if (flow is null || page != path || (HttpMethods.IsPost(http.Request.Method) && !IsInTurn(flow.Stage, http.Request)))
        {
            http.Response.StatusCode = HttpMethods.IsPost(http.Request.Method) ? StatusCodes.Status303SeeOther : StatusCodes.Status302Found;
            http.Response.Headers.Location = page;
            return;
        }

        http.Features.Set(flow);
        await next(http);
    }

    private static bool IsInTurn(ResetStage stage, HttpRequest request) =>
        (stage, request.Form[FormField].ToString()) switch
        {
            (ResetStage.Gate, ResetForms.Code or ResetForms.NewCode) => true,
            (ResetStage.NotReached, ResetForms.CheckAgain) => true,
            (ResetStage.ChoosePassword, ResetForms.Finish) => true,
            _ => false,
        };
}

/// <summary>The names of the wizard's forms.</summary>
internal static class ResetForms
{
    public const string Begin = "begin";
    public const string Code = "code";
    public const string NewCode = "new-code";
    public const string CheckAgain = "check-again";
    public const string Finish = "finish";
}
