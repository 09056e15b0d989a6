using System.Globalization;
using Microsoft.AspNetCore.Identity;
using PortalApp.Secrets;

namespace PortalApp.Gates.Questions;

/// <summary>
/// Slow hashes of answers, by the platform's PBKDF2 with a salt each, over an HMAC by the portal's own key: answers are so few that a hash alone
/// would not keep them from whoever has the database. Two are worked out at a time, whoever asks, so that nobody takes all processors by guessing.
/// </summary>
internal sealed class AnswerHashes(IPasswordHasher<SecurityAnswer> hasher, PortalKeys keys) : IDisposable
{
    private const int AtOnce = 2;
    private readonly SemaphoreSlim places = new(AtOnce);

    /// <summary>Of nobody's answer, by the same rounds.</summary>
    private readonly Lazy<string> nobodys = new(() => hasher.HashPassword(Nobodys, Guid.CreateVersion7().ToString()));

    private static readonly SecurityAnswer Nobodys = new() { UserId = "", Hash = "" };

    /// <param name="text">An <see cref="AnswerText"/>.</param>
    public Task<string> OfAsync(string userId, long question, string text, CancellationToken cancellation) =>
        InPlaceAsync(() => hasher.HashPassword(Nobodys, Keyed(userId, question, text)), cancellation);

    /// <param name="held">Null for who has no such answer: the same work, and never right.</param>
    public Task<bool> IsRightAsync(string subject, long question, string? held, string text, CancellationToken cancellation) =>
        InPlaceAsync(
            () =>
                hasher.VerifyHashedPassword(Nobodys, held ?? nobodys.Value, Keyed(subject, question, text))
                    is not PasswordVerificationResult.Failed
                & held is not null,
            cancellation
        );

    public void Dispose() => places.Dispose();

    private string Keyed(string subject, long question, string text) =>
        Convert.ToBase64String(FieldMac.Of(keys.Code, "answer", subject, question.ToString(CultureInfo.InvariantCulture), text));

    private async Task<T> InPlaceAsync<T>(Func<T> hash, CancellationToken cancellation)
    {
        await places.WaitAsync(cancellation);
        try
        {
            return hash();
        }
        finally
        {
            places.Release();
        }
    }
}
