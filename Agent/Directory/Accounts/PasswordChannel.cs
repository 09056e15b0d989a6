using System.Diagnostics;
using System.DirectoryServices.Protocols;
using System.Security.Cryptography;
using System.Text;
using Agent.Directory.Channels;
using Portal.Policy;
using Portal.Writeback;

namespace Agent.Directory.Accounts;

/// <summary>The one place where a password goes to a directory: one modify by objectGUID, sent once.</summary>
internal sealed class PasswordChannel(PolicyReader policies, TimeProvider clock)
{
    /// <summary>BER: SEQUENCE { INTEGER 1 } (MS-ADTS 3.1.1.3.4.1.27).</summary>
    private static readonly byte[] EnforceHints = [0x30, 0x03, 0x02, 0x01, 0x01];

    /// <summary>Sets the password, and unlocks in the same modify where the account is locked and the agent may.</summary>
    /// <param name="isInTime">Asked at the last moment before the modify.</param>
    public async Task<WritebackResult> SetAsync(DirectoryChannel channel, AccountState account, NewPassword password, Func<bool> isInTime)
    {
        var bytes = Quoted(password);
        DirectoryReply reply;
        try
        {
            reply = await channel.SendAsync(Modify(channel.Controller, account, bytes), DirectoryLimits.Modify, isInTime);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }

        return reply switch
        {
            DirectoryReply.Done => new WritebackResult.Applied(account.Unlocks, account.StaysLocked),
            DirectoryReply.NotSent(var why) => new WritebackResult.NotAttempted(
                isInTime() ? WritebackReason.DirectoryUnreachable : WritebackReason.Expired,
                why
            ),
            DirectoryReply.Lost(var why) => new WritebackResult.Unknown(WritebackReason.AnswerLost, why),
            DirectoryReply.Refused(var code, var text) => await ExplainAsync(channel, account, password, ResultMap.Of(code, text)),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>With the rules as they are now; where the directory named none, the first one that can be read and that the password breaks.</summary>
    private async Task<WritebackResult> ExplainAsync(
        DirectoryChannel channel,
        AccountState account,
        NewPassword password,
        WritebackResult result
    )
    {
        if (
            result is not WritebackResult.Rejected rejected
            || !rejected.Reason.IsOfThePassword()
            || await policies.ReadAsync(channel, account) is not PolicyReading.Read(var rules)
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

    private static ModifyRequest Modify(Controller controller, AccountState account, byte[] quoted)
    {
        var modify = new ModifyRequest(AccountReader.DnOf(account.ObjectGuid));
        modify.Modifications.Add(Replace("unicodePwd", quoted));
        if (account.Unlocks)
        {
            modify.Modifications.Add(Replace("lockoutTime", "0"u8.ToArray()));
        }

        if (controller.PolicyHints is { } hints)
        {
            modify.Controls.Add(new DirectoryControl(hints, EnforceHints, isCritical: true, serverSide: true));
        }

        return modify;
    }

    private static DirectoryAttributeModification Replace(string attribute, byte[] value)
    {
        var modification = new DirectoryAttributeModification { Name = attribute, Operation = DirectoryAttributeOperation.Replace };
        modification.Add(value);
        return modification;
    }

    /// <summary>UTF-16LE between two quotation marks, in a buffer without copies.</summary>
    private static byte[] Quoted(NewPassword password)
    {
        var text = password.Reveal();
        var bytes = GC.AllocateUninitializedArray<byte>(2 * (text.Length + 2), pinned: true);
        Encoding.Unicode.GetBytes("\"", bytes);
        Encoding.Unicode.GetBytes(text, bytes.AsSpan(2));
        Encoding.Unicode.GetBytes("\"", bytes.AsSpan(bytes.Length - 2));
        return bytes;
    }
}
