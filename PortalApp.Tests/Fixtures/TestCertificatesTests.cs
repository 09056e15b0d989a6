using System.DirectoryServices.Protocols;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using PortalApp.Tests.Fixtures.Forests;

namespace PortalApp.Tests.Fixtures;

public sealed class TestCertificatesTests(ForestFixture forests)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_authority_that_lies_in_the_folder_is_taken_again()
    {
        var folder = Repository.NewFolder("certificates");
        using var first = await TestCertificates.OpenOrCreateAsync(folder, Stop);
        var before = await File.ReadAllTextAsync(first.AuthorityFile, Stop);

        using var second = await TestCertificates.OpenOrCreateAsync(folder, Stop);

        Assert.Equal(before, await File.ReadAllTextAsync(second.AuthorityFile, Stop));
    }

    [Fact]
    public async Task A_server_that_moved_gets_a_certificate_for_its_new_address()
    {
        var folder = Repository.NewFolder("certificates");
        using var certificates = await TestCertificates.OpenOrCreateAsync(folder, Stop);
        certificates.Issue(folder, "server", ["dc1.corp.test"], [IPAddress.Loopback]);

        var moved = certificates.Issue(folder, "server", ["dc1.corp.test"], [IPAddress.Parse("127.0.0.2")]);

        using var found = X509CertificateLoader.LoadCertificateFromFile(moved.CertificateFile);
        Assert.True(found.MatchesHostname("127.0.0.2"));
        Assert.True(found.MatchesHostname("dc1.corp.test"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(moved.KeyFile));
    }

    [Fact]
    public async Task A_directory_whose_certificate_another_authority_signed_is_not_spoken_to()
    {
        var forest = await forests.StartedAsync();
        using var stranger = await TestCertificates.OpenOrCreateAsync(Repository.NewFolder("certificates"), Stop);
        using var directory = new ForestDirectory(forest.Address, forest.Ldaps.Port, stranger.TrustedFolder);

        Assert.Throws<LdapException>(() => directory.Bind(Forest.AdminUpn, Forest.AdminPassword));
    }
}
