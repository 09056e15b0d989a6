using System.Collections.Concurrent;
using Portal.Tenants;
using Portal.Writeback;

namespace PortalApp.Writeback;

/// <summary>What this portal asked its agents about their health, in memory alone.</summary>
internal sealed class HealthQuestions(TimeProvider clock)
{
    /// <summary>The shortest life that a request may have: for so long an agent tries to tell its answer.</summary>
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    /// <summary>After it an answer that comes late is no longer told from one that nobody asked for.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<RequestId, HealthQuestion> asked = [];

    public HealthQuestion Ask(TenantId tenant)
    {
        var now = clock.GetUtcNow();
        foreach (var old in asked.Values.Where(question => question.Request.Issued + Remembered < now))
        {
            asked.TryRemove(old.Request.Id, out _);
        }

        var question = new HealthQuestion(new(new RequestHeader(RequestId.New(), tenant, now, now + Life)), clock);
        asked[question.Request.Id] = question;
        return question;
    }

    /// <summary>Whether the answer was waited for, from an agent of the tenant; late and second ones change nothing (H74).</summary>
    /// <returns>Null: it answers no question of this portal.</returns>
    public bool? Take(TenantId tenant, RequestId id, WritebackResult answer) =>
        answer is WritebackResult.Healthy or WritebackResult.NotAttempted
        && asked.TryGetValue(id, out var question)
        && question.Request.Tenant == tenant
            ? question.TryAnswer(answer)
            : null;
}

/// <summary>One question, and the first answer to it.</summary>
internal sealed class HealthQuestion(WritebackRequest.Health request, TimeProvider clock)
{
    private readonly TaskCompletionSource<WritebackResult?> answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public WritebackRequest.Health Request => request;

    public bool TryAnswer(WritebackResult answer) => answered.TrySetResult(answer);

    /// <summary>Null when none came in that time; one that comes later is not taken any more.</summary>
    public async Task<WritebackResult?> AnswerAsync(TimeSpan atMost)
    {
        await Task.WhenAny(answered.Task, Task.Delay(atMost, clock));
        answered.TrySetResult(null);
        return await answered.Task;
    }
}
