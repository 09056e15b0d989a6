using Microsoft.Extensions.Localization;
using Portal.Policy;
using Portal.Writeback;

namespace PortalApp.Passwords;

/// <summary>What a person reads about a password that was not set: what happened, then what to do.</summary>
internal sealed class PasswordSentences(IStringLocalizer<PasswordTexts> texts)
{
    /// <summary>Why this account's password cannot be set, or an attempt was not carried out.</summary>
    public string Heading(WritebackReason reason) => texts[$"Reason{reason}Heading"];

    public string Text(WritebackReason reason) => texts[$"Reason{reason}Text"];

    /// <param name="minimumLength">Of the rules that were broken.</param>
    public string Broken(RuleBroken rule, int minimumLength) =>
        rule == RuleBroken.TooShort ? texts["BrokenTooShort", minimumLength] : texts[$"Broken{rule}"];
}
