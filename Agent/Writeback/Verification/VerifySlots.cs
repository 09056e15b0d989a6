using Portal.Writeback;

namespace Agent.Writeback.Verification;

/// <summary>Passwords that are being tried: so many at a time, one for a person, and beside all that is written.</summary>
internal sealed class VerifySlots
{
    public const int Most = 8;
    private readonly HashSet<CloudAnchor> taken = [];

    /// <returns>False: there is no room, or one is being tried for the person.</returns>
    public bool TryTake(CloudAnchor person)
    {
        lock (taken)
        {
            return taken.Count < Most && taken.Add(person);
        }
    }

    public void Leave(CloudAnchor person)
    {
        lock (taken)
        {
            taken.Remove(person);
        }
    }
}
