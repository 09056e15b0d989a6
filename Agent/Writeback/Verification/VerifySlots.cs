using Portal.Writeback;

namespace Agent.Writeback.Verification;

/// <summary>Passwords that are being tried: so many at a time, and one for a person, the old one of a change among them.</summary>
internal sealed class VerifySlots
{
    public const int Most = 8;
    private readonly HashSet<CloudAnchor> taken = [];
    private int asked;

    /// <returns>False: there is no room, or one is being tried for the person.</returns>
    public bool TryTake(CloudAnchor person)
    {
        lock (taken)
        {
            if (asked >= Most || !taken.Add(person))
            {
                return false;
            }

            asked++;
            return true;
        }
    }

    public void Leave(CloudAnchor person)
    {
        lock (taken)
        {
            taken.Remove(person);
            asked--;
        }
    }

    /// <summary>For a change, which waits for no question about somebody else.</summary>
    public bool TryTakeForChange(CloudAnchor person)
    {
        lock (taken)
        {
            return taken.Add(person);
        }
    }

    public void LeaveChange(CloudAnchor person)
    {
        lock (taken)
        {
            taken.Remove(person);
        }
    }
}
