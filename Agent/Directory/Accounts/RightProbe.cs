using System.Collections.Concurrent;
using System.DirectoryServices.Protocols;
using Agent.Directory.Channels;

namespace Agent.Directory.Accounts;

/// <summary>
/// Asks whether the agent may set one account's password, by a modify that can set nothing: its value is one byte, which no directory of this
/// kind takes for a password, and is refused only after the access check. Asked once per account in five minutes.
/// </summary>
internal sealed class RightProbe(TimeProvider clock)
{
    private const int Remembered = 10_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);
    private readonly ConcurrentDictionary<Guid, (long At, bool Refused)> answers = new();

    /// <returns>True when the directory said no; false is no promise.</returns>
    public async Task<bool> IsRefusedAsync(DirectoryChannel channel, Guid objectGuid)
    {
        if (!channel.Controller.ProbesSafely)
        {
            return false;
        }

        if (answers.TryGetValue(objectGuid, out var known) && clock.GetElapsedTime(known.At) < Interval)
        {
            return known.Refused;
        }

        if (answers.Count >= Remembered)
        {
            answers.Clear();
        }

        var malformed = new ModifyRequest(
            AccountReader.DnOf(objectGuid),
            DirectoryAttributeOperation.Replace,
            "unicodePwd",
            [new byte[] { 0x78 }]
        );
        var refused =
            await channel.SendAsync(malformed, DirectoryLimits.Read) is DirectoryReply.Refused(ResultMap.InsufficientAccessRights, _);
        answers[objectGuid] = (clock.GetTimestamp(), refused);
        return refused;
    }
}
