using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace PortalApp.Tests.Fixtures.Portals;

/// <summary>Stops the calls to one path of a portal, before or after it did its work, until it is disposed.</summary>
internal sealed class CallHold(string path, bool afterwards, Action<CallHold> released) : IDisposable
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource let = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public string Path => path;

    /// <summary>Completes when a call stands at the hold.</summary>
    public Task ReachedAsync() => reached.Task.WaitAsync(TimeSpan.FromSeconds(30));

    public void Dispose()
    {
        released(this);
        let.TrySetResult();
    }

    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        if (!afterwards)
        {
            await StandAsync(context);
            if (!context.RequestAborted.IsCancellationRequested)
            {
                await next(context);
            }

            return;
        }

        var real = context.Response.Body;
        using var answer = new MemoryStream();
        context.Response.Body = answer;
        await next(context);
        context.Response.Body = real;
        await StandAsync(context);
        if (!context.RequestAborted.IsCancellationRequested)
        {
            await context.Response.Body.WriteAsync(answer.ToArray(), CancellationToken.None);
        }
    }

    private async Task StandAsync(HttpContext context)
    {
        reached.TrySetResult();
        await let.Task.WaitAsync(context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

/// <summary>The holds of one portal, looked at before everything else in its pipeline.</summary>
internal sealed class CallHolds : IStartupFilter, IDisposable
{
    private volatile CallHold? current;

    public CallHold Hold(string path, bool afterwards) => current = new CallHold(path, afterwards, _ => current = null);

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            app.Use(after =>
                context => current is { } hold && context.Request.Path == hold.Path ? hold.PassAsync(context, after) : after(context)
            );
            next(app);
        };

    public void Dispose() => current?.Dispose();
}
