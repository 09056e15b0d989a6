using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using FluentValidation;
using PortalApp.Data;

namespace PortalApp.Outbound;

/// <summary>What the operator allows of addresses that tenants set.</summary>
internal sealed class OutboundOptions
{
    public const string Section = "Outbound";
    private const int DnsPort = 53;

    /// <summary>Inside this network and yet open to them: names of hosts, addresses, or networks such as 10.1.0.0/16.</summary>
    public IList<string> Allowed { get; init; } = [];

    /// <summary>A PEM file of private authorities that may vouch for their servers, beside those of this machine.</summary>
    public string? Ca { get; set; }

    /// <summary>The DNS server that is asked for a domain's proof, such as 10.0.0.53 or 10.0.0.53:5353; null: this machine's own.</summary>
    public string? DnsServer { get; set; }

    /// <summary>Null where this machine's own are asked.</summary>
    public IPEndPoint? DnsEndpoint =>
        IPEndPoint.TryParse(DnsServer ?? "", out var server) ? new(server.Address, server.Port == 0 ? DnsPort : server.Port) : null;

    /// <summary>What this machine trusts, and the private ones.</summary>
    public X509ChainPolicy Trust()
    {
        // A certificate may name an address to fetch its issuer from, which would lead past the guard.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (!string.IsNullOrEmpty(Ca))
        {
            using var machine = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(machine.Certificates);
            policy.CustomTrustStore.ImportFromPemFile(Ca);
        }

        return policy;
    }
}

internal sealed class OutboundOptionsValidator : AbstractValidator<OutboundOptions>
{
    public OutboundOptionsValidator()
    {
        RuleForEach(o => o.Allowed)
            .Must(one => TrustedProxies.TryParse(one) is not null || Uri.CheckHostName(one) == UriHostNameType.Dns)
            .WithMessage(
                (_, one) =>
                    $"Outbound:Allowed: \"{one}\" is no host, address or network; write one such as adfs.corp.example or 10.1.0.0/16."
            );
        RuleFor(o => o.Ca)
            .Must(IsPem)
            .Unless(o => string.IsNullOrEmpty(o.Ca))
            .WithMessage(o => $"Outbound:Ca: {o.Ca} is no file with certificates in PEM.");
        RuleFor(o => o.DnsServer)
            .Must((o, _) => o.DnsEndpoint is not null)
            .Unless(o => string.IsNullOrEmpty(o.DnsServer))
            .WithMessage(o => $"Outbound:DnsServer: \"{o.DnsServer}\" is no address; write one such as 10.0.0.53 or 10.0.0.53:5353.");
    }

    private static bool IsPem(string? file)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(file!);
            return found.Count > 0;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException)
        {
            return false;
        }
    }
}
