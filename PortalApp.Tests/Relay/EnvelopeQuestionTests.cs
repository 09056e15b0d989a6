using System.Text;
using Portal.Relay.Envelopes;
using Portal.Writeback;

namespace PortalApp.Tests.Relay;

/// <summary>The question whether an agent is well is sealed for the agents alone (docs/decisions/0008); nothing else may be.</summary>
public sealed class EnvelopeQuestionTests
{
    [Fact]
    public void A_question_opens_without_the_tenants_key_and_to_its_agents_alone()
    {
        using var forge = new Forge();
        using var stranger = Forge.NewKey();
        var question = Envelope.SealQuestion(new(forge.Header), [forge.Myself]);

        Assert.Equal(
            new WritebackRequest.Health(forge.Header),
            EnvelopeTests.Opened(Envelope.Open(question, forge.Id.Value, new(forge.Tenant, forge.Agent, [])))
        );
        Assert.IsType<EnvelopeOpening.NotForMe>(Envelope.Open(question, forge.Id.Value, new(forge.Tenant, stranger, [forge.TenantKey])));
        Assert.IsType<EnvelopeOpening.Refused>(Envelope.Open(question, RequestId.New().Value, forge.Ring));
        Assert.IsType<EnvelopeOpening.Refused>(Envelope.Open(question, forge.Id.Value, new(new(8), forge.Agent, [forge.TenantKey])));
    }

    [Fact]
    [Trait("Case", "H67")]
    public void Nothing_but_a_question_opens_without_the_tenants_key()
    {
        using var forge = new Forge();
        void AsQuestion(Dictionary<string, object> header) => header["typ"] = "portal-question+jwe";

        var reset = Encoding.ASCII.GetBytes(forge.Inner(change: AsQuestion));
        var stripped = Encoding.ASCII.GetBytes(forge.Inner(forge.Content(content => content["kind"] = (int)RequestKind.Health)));
        var wrapped = forge.Outer(forge.Inner(change: AsQuestion));

        Assert.All(new[] { reset, stripped, wrapped }, forged => Assert.IsType<EnvelopeOpening.Refused>(forge.Open(forged)));
        Assert.All(
            forge.OfEveryKind("Correct-Horse-9").Where(request => request is not WritebackRequest.Health),
            request =>
                Assert.IsType<EnvelopeOpening.Refused>(
                    forge.Open(Encoding.ASCII.GetBytes(forge.Inner(ContentOf(request), change: AsQuestion)))
                )
        );

        byte[] ContentOf(WritebackRequest request) => Forge.Padded(forge.Unsealed(forge.Sealed(request)));
    }

    [Fact]
    [Trait("Case", "H68")]
    public void A_question_of_which_one_byte_was_changed_opens_as_nothing_else()
    {
        using var forge = new Forge();
        var question = Envelope.SealQuestion(new(forge.Header), [forge.Myself]);

        for (var at = 0; at < question.Length; at += 7)
        {
            var changed = question.ToArray();
            changed[at] ^= 1;
            Assert.True(
                forge.Open(changed) is not EnvelopeOpening.Opened opened || opened.Request == new WritebackRequest.Health(forge.Header)
            );
        }
    }
}
