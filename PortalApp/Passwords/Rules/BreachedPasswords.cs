using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Portal.Policy;
using PortalApp.Outbound;

namespace PortalApp.Passwords.Rules;

/// <summary>
/// Whether a password was in a breach, by a file beside the portal, by an address that is told the first five digits of its SHA-1 and no more, or
/// by neither. What cannot be asked does not stop anybody, and is logged.
/// </summary>
internal sealed class BreachedPasswords(
    IHttpClientFactory clients,
    IOptions<PasswordRuleOptions> options,
    ILogger<BreachedPasswords> logger
)
{
    private const int PrefixLength = 5;

    public async Task<bool> HoldAsync(NewPassword password, CancellationToken cancellation)
    {
#pragma warning disable CA5350 // The form in which breached passwords are given out.
        var hash = Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes(password.Reveal())));
#pragma warning restore CA5350
        return (options.Value.BreachedFile is { Length: > 0 } file && Finds(file, hash))
            || (options.Value.BreachedRange is { Length: > 0 } range && await AsksAsync(range, hash, cancellation));
    }

    private async Task<bool> AsksAsync(string range, string hash, CancellationToken cancellation)
    {
        try
        {
            using var http = clients.CreateClient(OutboundServices.Client);
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{range.TrimEnd('/')}/{hash[..PrefixLength]}");
            request.Headers.Add("Add-Padding", "true");
            request.Headers.UserAgent.ParseAdd("PortalApp");
            using var response = await http.SendAsync(request, cancellation);
            response.EnsureSuccessStatusCode();
            var listed = await response.Content.ReadAsStringAsync(cancellation);
            return listed.Split('\n').Any(line => IsListed(line.Trim(), hash[PrefixLength..]));
        }
        catch (Exception e)
            when (e is HttpRequestException or IOException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            logger.NotChecked(range, e.Message);
            return false;
        }
    }

    /// <summary>A line of padding counts none.</summary>
    private static bool IsListed(string line, string suffix) =>
        line.Split(':') is [var found, var count] && count != "0" && found.Equals(suffix, StringComparison.OrdinalIgnoreCase);

    /// <summary>By halves, since the file is in order and far larger than the memory.</summary>
    private bool Finds(string file, string hash)
    {
        try
        {
            using var lines = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 128);
            var (low, high) = (0L, lines.Length);
            while (low < high)
            {
                var middle = low + ((high - low) / 2);
                var (line, next) = LineAt(lines, middle);
                var order = string.Compare(line.Split(':')[0].Trim(), hash, StringComparison.OrdinalIgnoreCase);
                if (line.Length > 0 && order == 0)
                {
                    return true;
                }

                (low, high) = line.Length > 0 && order < 0 ? (next, high) : (low, middle);
            }

            return false;
        }
        catch (IOException e)
        {
            logger.NotChecked(file, e.Message);
            return false;
        }
    }

    /// <summary>The first whole line that begins at that byte or after it, and where the one after it begins; empty at the end.</summary>
    private static (string Line, long Next) LineAt(FileStream lines, long at)
    {
        lines.Position = at == 0 ? 0 : at - 1;
        if (at > 0)
        {
            for (int skipped; (skipped = lines.ReadByte()) >= 0 && skipped != '\n'; ) { }
        }

        var line = new StringBuilder();
        int read;
        while ((read = lines.ReadByte()) >= 0 && read != '\n')
        {
            line.Append((char)read);
        }

        return (line.ToString(), lines.Position);
    }
}
