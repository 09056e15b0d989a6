using System.Net;
using Microsoft.Extensions.DependencyInjection;
using PortalApp.Outbound;

namespace PortalApp.Tests.Outbound;

/// <summary>The client that asks addresses which tenants set, on a real server.</summary>
public sealed class OutboundClientTests(OutboundServer server) : IClassFixture<OutboundServer>
{
    private static readonly IPAddress[] Here = [IPAddress.Loopback];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_host_that_is_listed_is_asked_over_tls()
    {
        using var portal = server.Portal((_, _) => Task.FromResult(Here), null, "idp.example");

        Assert.Equal("well", await GetAsync(portal.Services, $"https://idp.example:{server.Port}/short"));
    }

    [Theory]
    [InlineData("https://127.0.0.1:{0}/short")]
    [InlineData("https://127.0.0.2:{0}/short")]
    [InlineData("https://2130706433:{0}/short")]
    [InlineData("https://0x7f.1:{0}/short")]
    [InlineData("https://0.0.0.0:{0}/short")]
    [InlineData("https://localhost:{0}/short")]
    [InlineData("https://[::1]:{0}/short")]
    [InlineData("https://[::ffff:127.0.0.1]:{0}/short")]
    [InlineData("https://169.254.169.254:{0}/latest")]
    [InlineData("https://10.0.0.1:{0}/")]
    public async Task Nothing_inside_is_connected_to_however_it_is_written(string address)
    {
        var before = server.Asked;
        using var portal = server.Portal();

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            GetAsync(portal.Services, string.Format(System.Globalization.CultureInfo.InvariantCulture, address, server.Port))
        );

        Assert.IsType<OutboundRefusedException>(refused.InnerException ?? refused);
        Assert.Equal(before, server.Asked);
    }

    [Fact]
    public async Task A_name_with_one_closed_address_among_open_ones_is_refused()
    {
        using var portal = server.Portal(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Loopback, IPAddress.Parse("127.0.0.2")]),
            null,
            "127.0.0.1"
        );

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() =>
            GetAsync(portal.Services, $"https://idp.example:{server.Port}/short")
        );

        Assert.Contains("127.0.0.2", (refused.InnerException ?? refused).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_a_moment_later_is_connected_to_where_it_was_checked()
    {
        var asked = 0;
        using var portal = server.Portal(
            (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(++asked == 1 ? "127.0.0.1" : "127.0.0.2")]),
            null,
            "127.0.0.1"
        );
        var address = $"https://idp.example:{server.Port}/short";

        Assert.Equal("well", await GetAsync(portal.Services, address));
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task Without_tls_nothing_is_asked()
    {
        using var portal = server.Portal((_, _) => Task.FromResult(Here), null, "idp.example");
        var before = server.Asked;

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(portal.Services, $"http://idp.example:{server.PlainPort}/short"));
        Assert.Equal(before, server.Asked);
    }

    [Fact]
    public async Task A_certificate_for_another_name_is_refused()
    {
        using var portal = server.Portal((_, _) => Task.FromResult(Here), null, "other.example");

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(portal.Services, $"https://other.example:{server.Port}/short"));
    }

    [Theory]
    [InlineData("redirect")]
    [InlineData("long")]
    [InlineData("endless")]
    [InlineData("headers")]
    public async Task An_answer_that_leads_on_or_is_too_long_is_none(string path)
    {
        using var portal = server.Portal((_, _) => Task.FromResult(Here), null, "idp.example");

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync(portal.Services, $"https://idp.example:{server.Port}/{path}"));
    }

    [Fact]
    public async Task An_answer_that_drips_is_ended()
    {
        using var portal = server.Portal((_, _) => Task.FromResult(Here), TimeSpan.FromMilliseconds(400), "idp.example");

        await Assert.ThrowsAsync<TaskCanceledException>(() => GetAsync(portal.Services, $"https://idp.example:{server.Port}/dripping"));
    }

    [Fact]
    public void A_list_that_cannot_be_read_is_said_with_its_key()
    {
        var wrong = new OutboundOptionsValidator().Validate(
            new OutboundOptions { Allowed = ["10.1.0.0/33", "https://a.example", ""], Ca = "/nowhere.pem" }
        );

        Assert.Equal(3, wrong.Errors.Count(e => e.ErrorMessage.StartsWith("Outbound:Allowed: ", StringComparison.Ordinal)));
        Assert.Contains(wrong.Errors, e => e.ErrorMessage.StartsWith("Outbound:Ca: ", StringComparison.Ordinal));
    }

    private static async Task<string> GetAsync(IServiceProvider portal, string address)
    {
        using var http = portal.GetRequiredService<IHttpClientFactory>().CreateClient(OutboundServices.Client);
        return await http.GetStringAsync(new Uri(address), Cancellation);
    }
}
