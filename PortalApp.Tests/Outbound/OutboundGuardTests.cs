using System.Net;
using Microsoft.Extensions.Options;
using PortalApp.Outbound;

namespace PortalApp.Tests.Outbound;

/// <summary>Which addresses a tenant's setting may lead to.</summary>
public sealed class OutboundGuardTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("169.254.169.254")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.8")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.2")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("198.51.100.1")]
    [InlineData("203.0.113.1")]
    [InlineData("224.0.0.251")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::127.0.0.1")]
    [InlineData("::ffff:0:127.0.0.1")]
    [InlineData("64:ff9b::a00:1")]
    [InlineData("64:ff9b:1::1")]
    [InlineData("100::1")]
    [InlineData("2001::1")]
    [InlineData("2001:db8::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("3fff::1")]
    [InlineData("fc00::1")]
    [InlineData("fd12:3456::1")]
    [InlineData("fe80::1")]
    [InlineData("fe80::1%1")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    public void An_address_inside_a_network_is_closed(string address) =>
        Assert.False(Guard().IsOpen("idp.example", IPAddress.Parse(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("100.128.0.1")]
    [InlineData("172.32.0.1")]
    [InlineData("192.0.1.1")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2606:4700::1111")]
    [InlineData("2a00:1450::1")]
    public void An_address_of_the_internet_is_open(string address) => Assert.True(Guard().IsOpen("idp.example", IPAddress.Parse(address)));

    [Theory]
    [InlineData("adfs.corp.example", "10.1.2.3", true)]
    [InlineData("ADFS.corp.example", "10.1.2.3", true)]
    [InlineData("www.adfs.corp.example", "10.1.2.3", false)]
    [InlineData("adfs.corp.example.", "10.1.2.3", false)]
    [InlineData("idp.example", "10.20.1.1", true)]
    [InlineData("idp.example", "::ffff:10.20.1.1", true)]
    [InlineData("idp.example", "10.21.1.1", false)]
    [InlineData("idp.example", "fd00:1::7", true)]
    [InlineData("idp.example", "fd00:1::8", false)]
    public void Who_runs_the_portal_lists_what_is_open_all_the_same(string host, string address, bool open) =>
        Assert.Equal(open, Guard("adfs.corp.example", "10.20.0.0/16", "fd00:1::7").IsOpen(host, IPAddress.Parse(address)));

    private static OutboundGuard Guard(params string[] allowed) =>
        new(Options.Create(new OutboundOptions { Allowed = allowed }), (_, _) => Task.FromResult<IPAddress[]>([]));
}
