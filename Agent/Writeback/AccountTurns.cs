namespace Agent.Writeback;

/// <summary>One request at a time for an account, so that an older modify has ended, or is known to be dead, before a newer one starts (H78).</summary>
internal sealed class AccountTurns
{
    private readonly Dictionary<Guid, Queue> queues = [];

    public async Task<IDisposable> TakeAsync(Guid objectGuid, CancellationToken cancellation)
    {
        Queue queue;
        lock (queues)
        {
            if (!queues.TryGetValue(objectGuid, out queue!))
            {
                queues[objectGuid] = queue = new();
            }

            queue.Users++;
        }

        try
        {
            await queue.Gate.WaitAsync(cancellation);
            return new Turn(this, objectGuid, queue);
        }
        catch
        {
            Leave(objectGuid, queue);
            throw;
        }
    }

    private void Leave(Guid objectGuid, Queue queue)
    {
        lock (queues)
        {
            if (--queue.Users == 0)
            {
                queues.Remove(objectGuid);
                queue.Gate.Dispose();
            }
        }
    }

    private sealed class Queue
    {
        public SemaphoreSlim Gate { get; } = new(1);
        public int Users { get; set; }
    }

    private sealed class Turn(AccountTurns turns, Guid objectGuid, Queue queue) : IDisposable
    {
        public void Dispose()
        {
            queue.Gate.Release();
            turns.Leave(objectGuid, queue);
        }
    }
}
