using System.Text.Json.Serialization;

namespace Portal.Writeback;

/// <summary>One thing on the way from a person of the portal to the account whose password is set.</summary>
/// <param name="Detail">What it links or allows, or why it does not.</param>
/// <param name="Remedy">What an administrator of the directory does; null where nothing is to be done, or <paramref name="Detail"/> says it.</param>
public sealed record ExplainedLink(string Name, bool IsThere, string Detail, [property: JsonRequired] string? Remedy = null);

/// <summary>An account as its controller held it when it was asked.</summary>
/// <param name="Controller">Which one answered.</param>
/// <param name="LockedSince">Null where it is not locked now, or may not be read.</param>
/// <param name="ExpiresAt">The account itself; null for never.</param>
/// <param name="PasswordSetAt">Null for never, and where another must be chosen at the next sign-in.</param>
/// <param name="PasswordEndsAt">By the policy in force; null for never, and where it may not be read.</param>
public sealed record AccountFacts(
    string Dn,
    string Controller,
    bool Enabled,
    bool Locked,
    DateTimeOffset? LockedSince,
    DateTimeOffset? ExpiresAt,
    DateTimeOffset? PasswordSetAt,
    DateTimeOffset? PasswordEndsAt
);
