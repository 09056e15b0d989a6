using System.Diagnostics;
using Agent.DirectorySync.Links;
using Portal.Writeback;

namespace Agent.Writeback;

/// <summary>Shows an administrator what the check of one account comes to at this moment: the same code, and the remedy that goes with it.</summary>
internal sealed class CheckExplanation(Preparation preparation, AccountCheck check)
{
    public const string Check = "The directory's answer now";
    public const string Lock = "Ending the account's lock";
    public const string RequireChange = "A new password at the next sign-in";

    public async Task<IReadOnlyList<ExplainedLink>> ExplainAsync(LinkEnds ends, CancellationToken cancellation) =>
        ends.Anchor is { } anchor
            ? preparation.Find(anchor) switch
            {
                Target.NotServed => [new(Check, false, "this agent does not serve the account, or has not filled its connector space yet")],
                Target.None(var why) => [Refused(why, null)],
                Target.Account link => Explain(await check.LookAsync(link, cancellation, forAdministrator: true)),
                _ => throw new UnreachableException(),
            }
            : Explain(await check.LookAsync(new(ends.ObjectGuid, MadeByEnabled: true), cancellation, forAdministrator: true));

    public static IReadOnlyList<ExplainedLink> Explain(CheckedAccount found) =>
        found.Result switch
        {
            WritebackResult.Settable settable =>
            [
                new(Check, true, "its password may be set"),
                .. settable.StaysLocked
                    ? [new(Lock, false, "it is locked, and the agent's account may not write its lockoutTime", found.Remedy)]
                    : Array.Empty<ExplainedLink>(),
                .. found.RequireChange is { } remedy
                    ?
                    [
                        new(
                            RequireChange,
                            false,
                            "the agent's account may not write its pwdLastSet, which an administrator's reset sets to 0",
                            remedy
                        ),
                    ]
                    : Array.Empty<ExplainedLink>(),
            ],
            WritebackResult.NotAttempted refused => [Refused(refused, found.Remedy)],
            _ => throw new UnreachableException(),
        };

    public static ExplainedLink Refused(WritebackResult.NotAttempted why, string? remedy) =>
        new(Check, false, $"{why.Reason} ({(int)why.Reason}){(why.Detail is { } detail ? $": {detail}" : "")}", remedy);
}
