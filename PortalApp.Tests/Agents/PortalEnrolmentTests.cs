using System.Net;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Portal.Agents;
using Portal.Relay.Envelopes;
using PortalApp.Agents;
using PortalApp.Audit;
using PortalApp.Tests.Fixtures.Portals;

namespace PortalApp.Tests.Agents;

public class PortalEnrolmentTests
{
    [Fact]
    public async Task An_enrolled_agent_gets_its_tenants_key_and_shows_the_fingerprint_that_the_portal_shows()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");

        var agent = await portal.EnrolAsync(tenant);

        var enrolment = agent.Enrolment!;
        Assert.Equal(tenant.Value, enrolment.Tenant);
        Assert.Equal(PortalHost.Origin, enrolment.Audience);
        var key = Assert.Single(enrolment.TenantKeys);
        Assert.Equal(32, EnvelopeKeys.TryOpenTenantKey(key.Generation, key.Jwe, agent.EncryptionKey)!.Bytes.Length);
        var listed = Assert.Single(await portal.AgentsOfAsync(tenant));
        Assert.Equal(EnvelopeKeys.Fingerprint(agent.EncryptionKid), AgentStore.FingerprintOf(listed));
        Assert.Single(await portal.AuditAsync(AuditEventId.AgentEnrolled));
    }

    [Fact]
    public async Task A_code_works_once()
    {
        await using var portal = await PortalHost.StartAsync();
        var code = await portal.NewCodeAsync(await portal.AddTenantAsync("corp.test"));

        Assert.Equal(HttpStatusCode.OK, await portal.NewAgent().EnrolAsync(code));
        Assert.Equal(HttpStatusCode.Forbidden, await portal.NewAgent().EnrolAsync(code));
        Assert.Single(await portal.AuditAsync(AuditEventId.EnrolmentRefused));
    }

    [Fact]
    public async Task An_agent_that_lost_the_answer_asks_again_with_the_same_code_and_keys_and_is_the_same_agent()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var code = await portal.NewCodeAsync(tenant);
        var agent = portal.NewAgent();

        Assert.Equal(HttpStatusCode.OK, await agent.EnrolAsync(code));
        var first = agent.Enrolment!.AgentId;
        Assert.Equal(HttpStatusCode.OK, await agent.EnrolAsync(code));

        Assert.Equal(first, agent.Enrolment!.AgentId);
        Assert.Single(await portal.AgentsOfAsync(tenant));
        Assert.Equal(HttpStatusCode.Forbidden, await portal.NewAgent().EnrolAsync(code));
        await portal.RevokeAsync(first);
        Assert.Equal(HttpStatusCode.Forbidden, await agent.EnrolAsync(code));
    }

    [Fact]
    public async Task Of_ten_agents_with_one_code_at_the_same_time_one_enters()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var code = await portal.NewCodeAsync(tenant);

        var statuses = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.NewAgent().EnrolAsync(code)));

        Assert.Single(statuses, s => s == HttpStatusCode.OK);
        Assert.Single(await portal.AgentsOfAsync(tenant));
    }

    [Fact]
    public async Task A_code_is_good_for_fifteen_minutes()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var (early, late) = (await portal.NewCodeAsync(tenant), await portal.NewCodeAsync(tenant));

        portal.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, await portal.NewAgent().EnrolAsync(early));
        portal.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.Forbidden, await portal.NewAgent().EnrolAsync(late));
    }

    [Fact]
    public async Task A_revoked_code_opens_nothing_and_is_remembered_with_who_made_it_and_for_what()
    {
        await using var portal = await PortalHost.StartAsync();
        var (tenant, other) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));
        var (anna, ben) = (Actor.Operator("anna"), Actor.Operator("ben"));
        var codes = portal.Services.GetRequiredService<EnrolmentCodes>();
        var code = (await codes.IssueAsync(tenant, anna, "the branch in Breda", default)).Text;
        var issued = Assert.Single(await codes.ListAsync(tenant, default));

        Assert.False(await codes.RevokeAsync(other, issued.Id, ben, default));
        Assert.True(await codes.RevokeAsync(tenant, issued.Id, ben, default));
        Assert.False(await codes.RevokeAsync(tenant, issued.Id, ben, default));

        Assert.Equal(HttpStatusCode.Forbidden, await portal.NewAgent().EnrolAsync(code));
        var kept = Assert.Single(await codes.ListAsync(tenant, default));
        Assert.Equal((anna, "the branch in Breda", portal.Clock.GetUtcNow()), (kept.IssuedBy, kept.Note, kept.RevokedAt));
        Assert.Contains(
            await portal.AuditAsync(AuditEventId.TenantChanged),
            entry => entry.Detail!.Contains("revoked by Operator ben", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_code_opens_the_tenant_that_it_was_made_for_and_no_other()
    {
        await using var portal = await PortalHost.StartAsync();
        var (first, second) = (await portal.AddTenantAsync("corp.test"), await portal.AddTenantAsync("other.test"));

        var agent = await portal.EnrolAsync(second);

        Assert.Equal(second.Value, agent.Enrolment!.Tenant);
        Assert.Empty(await portal.AgentsOfAsync(first));
    }

    [Fact]
    public async Task A_code_is_read_without_its_hyphens_and_in_small_letters()
    {
        await using var portal = await PortalHost.StartAsync();
        var code = await portal.NewCodeAsync(await portal.AddTenantAsync("corp.test"));

        Assert.Equal(
            HttpStatusCode.OK,
            await portal.NewAgent().EnrolAsync($" {code.Replace("-", "", StringComparison.Ordinal).ToLowerInvariant()} ")
        );
    }

    [Fact]
    public async Task The_twenty_first_enrolment_of_an_hour_from_one_network_is_refused()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await portal.NewAgent().EnrolAsync("WRONG-WRONG"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await portal.NewAgent().EnrolAsync(await portal.NewCodeAsync(tenant)));
    }

    [Fact]
    public async Task Who_cannot_sign_with_the_key_that_it_brings_is_refused_and_the_code_stays_good()
    {
        await using var portal = await PortalHost.StartAsync();
        var code = await portal.NewCodeAsync(await portal.AddTenantAsync("corp.test"));
        var (victim, thief) = (portal.NewAgent(), portal.NewAgent());
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(victim.RequestWith(code), TestAgent.Json);

        using var refused = await thief.SendAsync(AgentApi.Enrol, body, thief.TokenFor(AgentApi.Enrol, body));

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await victim.EnrolAsync(code));
    }

    [Fact]
    public async Task One_key_for_both_uses_a_private_key_and_another_curve_are_refused_and_the_code_stays_good()
    {
        await using var portal = await PortalHost.StartAsync();
        var code = await portal.NewCodeAsync(await portal.AddTenantAsync("corp.test"));
        var agent = portal.NewAgent();
        var good = agent.RequestWith(code);
        using var p384 = ECDiffieHellman.Create(ECCurve.NamedCurves.nistP384);
        EnrolmentRequest[] bad =
        [
            good with
            {
                EncryptionKey = EnvelopeKeys.PublicJwk(agent.SigningKey.ExportParameters(false), "enc"),
            },
            good with
            {
                EncryptionKey = EnvelopeKeys.PublicJwk(p384.ExportParameters(false), "enc"),
            },
            good with
            {
                EncryptionKey = System.Text.Json.JsonElement.Parse("""{"kty":"EC","crv":"P-256","use":"enc","x":"","y":"","d":""}"""),
            },
            good with
            {
                EncryptionKey = System.Text.Json.JsonElement.Parse("[]"),
            },
            good with
            {
                RelaySecretHash = "short",
            },
            good with
            {
                Name = "",
            },
        ];

        foreach (var request in bad)
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await agent.CallAsync<EnrolmentResponse>(AgentApi.Enrol, request)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, await agent.EnrolAsync(code));
    }

    [Fact]
    public async Task Keys_that_an_agent_holds_are_not_taken_for_a_second_one()
    {
        await using var portal = await PortalHost.StartAsync();
        var tenant = await portal.AddTenantAsync("corp.test");
        var agent = await portal.EnrolAsync(tenant);

        Assert.Equal(HttpStatusCode.Conflict, await agent.EnrolAsync(await portal.NewCodeAsync(tenant)));
        Assert.Single(await portal.AgentsOfAsync(tenant));
    }
}
