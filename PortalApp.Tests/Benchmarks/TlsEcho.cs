using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Benchmarks;

/// <summary>A request there and a few bytes back over one TLS connection, several in flight: the bare thing beside which a relay is measured.</summary>
internal sealed class TlsEcho : IAsyncDisposable
{
    private const int AnswerLength = 64;

    private readonly SslStream near;
    private readonly SslStream far;
    private readonly SemaphoreSlim turn = new(1);
    private readonly ConcurrentQueue<TaskCompletionSource> waiting = [];
    private readonly Task answering;
    private readonly Task reading;

    private TlsEcho(SslStream near, SslStream far, int length)
    {
        (this.near, this.far) = (near, far);
        (answering, reading) = (AnswerAsync(length), ReadAsync());
    }

    public static async Task<TlsEcho> StartAsync(string folder, int length)
    {
        using var authority = await TestCertificates.OpenOrCreateAsync(folder);
        var files = authority.Issue(folder, "echo", ["localhost"], []);
        var certificate = X509Certificate2.CreateFromPemFile(files.CertificateFile, files.KeyFile);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        var server = await listener.AcceptTcpClientAsync();
        server.NoDelay = true;
        var near = new SslStream(client.GetStream(), false, (_, shown, _, _) => shown?.GetCertHashString() == certificate.Thumbprint);
        var far = new SslStream(server.GetStream(), false);
        await Task.WhenAll(far.AuthenticateAsServerAsync(certificate), near.AuthenticateAsClientAsync("localhost"));
        return new(near, far, length);
    }

    public async Task OnceAsync(byte[] request)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await turn.WaitAsync();
        try
        {
            waiting.Enqueue(done);
            await near.WriteAsync(request);
        }
        finally
        {
            turn.Release();
        }

        await done.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await near.DisposeAsync();
        await far.DisposeAsync();
        await Task.WhenAll(answering, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        turn.Dispose();
    }

    private async Task AnswerAsync(int length)
    {
        var (request, answer) = (new byte[length], new byte[AnswerLength]);
        while (true)
        {
            await far.ReadExactlyAsync(request);
            await far.WriteAsync(answer);
        }
    }

    private async Task ReadAsync()
    {
        var answer = new byte[AnswerLength];
        while (true)
        {
            await near.ReadExactlyAsync(answer);
            if (waiting.TryDequeue(out var done))
            {
                done.SetResult();
            }
        }
    }
}
