namespace PortalApp.Throttle;

/// <summary>So many places, of which one network has its share at the most. In memory: a place is held by what lives in this process.</summary>
internal sealed class NetworkPlaces(int places = int.MaxValue)
{
    private readonly Dictionary<NetworkPrefix, int> byNetwork = [];
    private readonly Lock turn = new();
    private int taken;

    /// <param name="share">What is counted for a network and those around it; its window says nothing here.</param>
    /// <returns>A place until it is disposed; null where there is none.</returns>
    public IDisposable? TryEnter(Limit share, NetworkPrefix from)
    {
        lock (turn)
        {
            if (taken >= places || share.Of(from).Any(part => byNetwork.GetValueOrDefault(part.Network) >= part.Limit.Most))
            {
                return null;
            }

            Add(from, 1);
            return new Place(this, from);
        }
    }

    private void Leave(NetworkPrefix from)
    {
        lock (turn)
        {
            Add(from, -1);
        }
    }

    private void Add(NetworkPrefix from, int change)
    {
        taken += change;
        foreach (var network in from.Around.Prepend(from))
        {
            var count = byNetwork.GetValueOrDefault(network) + change;
            if (count == 0)
            {
                byNetwork.Remove(network);
            }
            else
            {
                byNetwork[network] = count;
            }
        }
    }

    /// <summary>Given back once, however often it is disposed.</summary>
    private sealed class Place(NetworkPlaces all, NetworkPrefix from) : IDisposable
    {
        private bool left;

        public void Dispose()
        {
            if (!left)
            {
                left = true;
                all.Leave(from);
            }
        }
    }
}
