using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Security.Cryptography;
using System.Text;
using Agent.Directory.Channels;
using Portal.Policy;
using Portal.Writeback;

namespace Agent.Directory.Accounts;

/// <param name="Current">Of who knows it: the directory compares it, and history and minimum age hold; null where it does not matter.</param>
/// <param name="MustChange">Whoever signs in with it has to choose another one first.</param>
internal sealed record PasswordWrite(CurrentPassword? Current, NewPassword Password, bool MustChange);

/// <summary>The one place where a password, or the end of a lock, goes to a directory: one modify by objectGUID, sent once.</summary>
internal sealed class PasswordChannel(PolicyReader policies, TimeProvider clock)
{
    /// <summary>BER: SEQUENCE { INTEGER 1 } (MS-ADTS 3.1.1.3.4.1.27).</summary>
    private static readonly byte[] EnforceHints = [0x30, 0x03, 0x02, 0x01, 0x01];

    /// <summary>Sets the password, and unlocks in the same modify where the account is locked and the agent may.</summary>
    /// <param name="isInTime">Asked at the last moment before the modify.</param>
    public async Task<WritebackResult> WriteAsync(DirectoryChannel channel, AccountState account, PasswordWrite write, Func<bool> isInTime)
    {
        var (old, bytes) = (write.Current is null ? null : Quoted(write.Current.Reveal()), Quoted(write.Password.Reveal()));
        DirectoryReply reply;
        try
        {
            reply = await channel.SendAsync(
                Modify(channel.Controller, account, old, bytes, write.MustChange),
                DirectoryLimits.Modify,
                isInTime
            );
        }
        finally
        {
            CryptographicOperations.ZeroMemory(old);
            CryptographicOperations.ZeroMemory(bytes);
        }

        return ResultOf(reply, new(account.Unlocks, account.StaysLocked), isInTime) switch
        {
            WritebackResult.Applied applied => applied with { SetAt = await AccountReader.PasswordSetAtAsync(channel, account) },
            var other => await ExplainAsync(channel, account, write.Password, ofChange: write.Current is not null, other),
        };
    }

    /// <summary>Ends the account's lock, and writes nothing else.</summary>
    /// <param name="isInTime">Asked at the last moment before the modify.</param>
    public static async Task<WritebackResult> UnlockAsync(DirectoryChannel channel, AccountState account, Func<bool> isInTime)
    {
        var modify = new ModifyRequest(AccountReader.DnOf(account.ObjectGuid), Unlocking());
        return ResultOf(await channel.SendAsync(modify, DirectoryLimits.Modify, isInTime), new(account.Locked), isInTime);
    }

    private static WritebackResult ResultOf(DirectoryReply reply, WritebackResult.Applied done, Func<bool> isInTime) =>
        reply switch
        {
            DirectoryReply.Done => done,
            DirectoryReply.NotSent(var why) => new WritebackResult.NotAttempted(
                isInTime() ? WritebackReason.DirectoryUnreachable : WritebackReason.Expired,
                why
            ),
            DirectoryReply.Lost(var why) => new WritebackResult.Unknown(WritebackReason.AnswerLost, why),
            DirectoryReply.Refused(var code, var text) => ResultMap.Of(code, text),
            _ => throw new UnreachableException(),
        };

    /// <summary>With the rules as they are now; where the directory named none, the first one that can be read and that the password breaks.</summary>
    private async Task<WritebackResult> ExplainAsync(
        DirectoryChannel channel,
        AccountState account,
        NewPassword password,
        bool ofChange,
        WritebackResult result
    )
    {
        if (
            result is not WritebackResult.Rejected rejected
            || !rejected.Reason.IsOfThePassword()
            || await policies.ReadAsync(channel, account, ofChange) is not PolicyReading.Read(var rules)
        )
        {
            return result;
        }

        var named = rejected.Reason != WritebackReason.PolicyRefused;
        return rejected with
        {
            Reason = named
                ? rejected.Reason
                : RefusalReason.Of(rules, rules.Judge(password.Reveal()), HoldsName(rules, password.Reveal()), clock.GetUtcNow()),
            Rules = rules,
        };
    }

    private static bool HoldsName(PasswordRules rules, string password) =>
        rules.Names.Any(name => password.Contains(name, StringComparison.OrdinalIgnoreCase));

    private static ModifyRequest Modify(Controller controller, AccountState account, byte[]? old, byte[] quoted, bool mustChange)
    {
        var modify = new ModifyRequest(AccountReader.DnOf(account.ObjectGuid));
        if (old is not null)
        {
            modify.Modifications.Add(Of("unicodePwd", DirectoryAttributeOperation.Delete, old));
        }

        modify.Modifications.Add(
            Of("unicodePwd", old is null ? DirectoryAttributeOperation.Replace : DirectoryAttributeOperation.Add, quoted)
        );
        if (account.Unlocks)
        {
            modify.Modifications.Add(Unlocking());
        }

        if (mustChange)
        {
            modify.Modifications.Add(Of("pwdLastSet", DirectoryAttributeOperation.Replace, "0"u8.ToArray()));
        }

        if (old is null && controller.PolicyHints is { } hints)
        {
            modify.Controls.Add(new DirectoryControl(hints, EnforceHints, isCritical: true, serverSide: true));
        }

        return modify;
    }

    private static DirectoryAttributeModification Unlocking() => Of("lockoutTime", DirectoryAttributeOperation.Replace, "0"u8.ToArray());

    private static DirectoryAttributeModification Of(string attribute, DirectoryAttributeOperation operation, byte[] value)
    {
        var modification = new DirectoryAttributeModification { Name = attribute, Operation = operation };
        modification.Add(value);
        return modification;
    }

    /// <summary>UTF-16LE between two quotation marks, in a buffer without copies.</summary>
    private static byte[] Quoted(string text)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(2 * (text.Length + 2), pinned: true);
        Encoding.Unicode.GetBytes("\"", bytes);
        Encoding.Unicode.GetBytes(text, bytes.AsSpan(2));
        Encoding.Unicode.GetBytes("\"", bytes.AsSpan(bytes.Length - 2));
        return bytes;
    }
}
