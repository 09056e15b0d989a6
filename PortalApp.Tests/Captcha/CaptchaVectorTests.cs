using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PortalApp.Captcha;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;

namespace PortalApp.Tests.Captcha;

/// <summary>Ours against the reference library: vectors.json was written by running it, and holds its verdicts.</summary>
public sealed class CaptchaVectorTests
{
    private static readonly JsonObject Recorded = Read();

    public static TheoryData<string> Names => [.. Recorded["vectors"]!.AsArray().Select(v => (string)v!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reference_library_judges_alike(string name)
    {
        var vector = Recorded["vectors"]!.AsArray().Single(v => (string)v!["name"]! == name)!;
        var key = Encoding.UTF8.GetBytes((string)Recorded["secret"]!);
        var payload = vector["payload"].Deserialize(CaptchaJson.Default.CaptchaPayload)!;
        var reference = vector["reference"]!;
        if ((bool)reference["expired"]!)
        {
            Assert.True(CaptchaSeal.IsGenuine(key, payload.Challenge));
            return;
        }

        Assert.Equal((bool)reference["invalidSignature"]!, !CaptchaSeal.IsGenuine(key, payload.Challenge));
        if (reference["invalidSolution"] is { } invalidSolution)
        {
            Assert.Equal((bool)invalidSolution, !CaptchaWork.IsSolved(payload.Challenge.Parameters, payload.Solution));
        }
    }

    [Theory]
    [InlineData("solved 1", true)]
    [InlineData("less work", false)]
    public void Genuine_challenges_on_other_terms_are_not_ours(string name, bool ours)
    {
        var vector = Recorded["vectors"]!.AsArray().Single(v => (string)v!["name"]! == name)!;
        var payload = vector["payload"].Deserialize(CaptchaJson.Default.CaptchaPayload)!;

        Assert.Equal(ours, CaptchaWork.AreOurTerms(payload.Challenge.Parameters, Limits.Standard.CaptchaRounds));
    }

    private static JsonObject Read() =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Repository.Root, "PortalApp.Tests", "Captcha", "vectors.json")))!.AsObject();
}
