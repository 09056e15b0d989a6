using System.Net;
using Portal.Agents;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Fixtures.Processes;

namespace PortalApp.Tests.Data;

/// <summary>The portal on a disk of four megabytes, in a mount and a network of its own.</summary>
public sealed class FullDiskTests : IDisposable
{
    private const string Life = """
        set -eu
        ip link set lo up
        mount -t tmpfs -o size=4m tmpfs "$Portal__DataDirectory"
        dotnet "$PORTAL" >"$OWN/portal.log" 2>&1 &
        portal=$!
        trap 'kill "$portal"; wait "$portal" || true' EXIT

        ask() { curl --silent --cacert "$CA" --output "$OWN/page" --write-out '%{http_code}' --header 'Accept: text/html' "${@:2}" "$Urls/$1"; }
        say() { echo "$1: $(ask "$ENROL" --request POST) $(grep --count 'Something went wrong on our side</h1>' "$OWN/page" || true)"; }
        tenant() { dotnet "$PORTAL" tenant add Corp --helpdesk-phone '+31 201234567' 2>&1 || echo "code $?"; }

        for try in $(seq 300); do [ "$(ask sign-in || true)" != 200 ] || break; sleep 0.1; done
        say empty
        dd if=/dev/zero of="$Portal__DataDirectory/fill" bs=4k 2>/dev/null || true
        say full
        tenant
        rm "$Portal__DataDirectory/fill"
        say again
        tenant
        """;

    private readonly string folder = Repository.NewFolder("full-disk");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    [Trait("Case", "H86")]
    public async Task A_full_disk_fails_what_must_be_kept_in_words_and_nothing_is_half_done_when_there_is_room_again()
    {
        using var certificates = await TestCertificates.OpenOrCreateAsync(Repository.Certificates);
        var tls = certificates.Issue(folder, "portal", ["localhost"], [IPAddress.Loopback]);
        var data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;

        var outcome = await Command.RunAsync(
            "unshare",
            ["-m", "-n", "-p", "-f", "--mount-proc", "--kill-child", "--propagation", "private", "bash", "-c", Life],
            new Dictionary<string, string>
            {
                ["OWN"] = folder,
                ["PORTAL"] = Repository.Program("PortalApp"),
                ["CA"] = certificates.AuthorityFile,
                // Counted before anything else is looked at.
                ["ENROL"] = AgentApi.Enrol[1..],
                ["DOTNET_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Portal__Origin"] = "https://localhost:8443",
                ["Portal__DataDirectory"] = data,
                ["Urls"] = "https://localhost:8443",
                ["Mail__From"] = "no-reply@portal.example",
                ["Mail__Smtp__Host"] = "localhost",
                ["Mail__Smtp__Security"] = "None",
                ["Kestrel__Certificates__Default__Path"] = tls.CertificateFile,
                ["Kestrel__Certificates__Default__KeyPath"] = tls.KeyFile,
            },
            deadline: TimeSpan.FromMinutes(2),
            cancellation: TestContext.Current.CancellationToken
        );

        Assert.Equal(
            """
            empty: 401 0
            full: 500 1
            Portal:DataDirectory: the disk is full or failing; make room there and start again. [4801]
            code 1
            again: 401 0
            1

            """,
            outcome.Output
        );
    }
}
