using System.Security.Authentication;
using Agent.Certificates;

namespace Agent.Portal;

/// <summary>Which exceptions mean that the portal was not reached, and what an administrator reads about them.</summary>
internal static class PortalFailure
{
    public static bool IsNetwork(Exception exception, CancellationToken cancellation) =>
        exception is HttpRequestException or IOException
        || (exception is OperationCanceledException && !cancellation.IsCancellationRequested);

    public static string Describe(Exception exception) =>
        exception switch
        {
            OperationCanceledException => "no answer in time",
            HttpRequestException { InnerException: UntrustedServerException untrusted } =>
                $"its certificate is not trusted: {untrusted.Message}",
            HttpRequestException { InnerException: AuthenticationException } =>
                "its certificate is not trusted: check portalCa, and that the certificate carries the portal's name",
            HttpRequestException { InnerException: System.Net.Sockets.SocketException socket } => socket.SocketErrorCode.ToString(),
            HttpRequestException http => http.HttpRequestError.ToString(),
            _ => exception.GetType().Name,
        };
}
