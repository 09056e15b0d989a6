using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PortalApp.Captcha;

namespace PortalApp.Tests.Captcha;

/// <summary>Ours against the reference library: vectors.json was written by running it, and holds its verdicts.</summary>
public sealed class CaptchaVectorTests
{
    private static readonly JsonObject File = Read();

    public static TheoryData<string> Names => [.. File["vectors"]!.AsArray().Select(v => (string)v!["name"]!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_reference_library_judges_alike(string name)
    {
        var vector = File["vectors"]!.AsArray().Single(v => (string)v!["name"]! == name)!;
        var key = Encoding.UTF8.GetBytes((string)File["secret"]!);
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
    [InlineData("another purpose", false)]
    [InlineData("less work", false)]
    public void Genuine_challenges_on_other_terms_are_not_ours(string name, bool ours)
    {
        var vector = File["vectors"]!.AsArray().Single(v => (string)v!["name"]! == name)!;
        var payload = vector["payload"].Deserialize(CaptchaJson.Default.CaptchaPayload)!;

        Assert.Equal(ours, CaptchaWork.AreOurTerms(payload.Challenge.Parameters));
    }

    private static JsonObject Read()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!System.IO.File.Exists(Path.Combine(folder.FullName, "PortalApp.sln")))
        {
            folder = folder.Parent!;
        }

        var text = System.IO.File.ReadAllText(Path.Combine(folder.FullName, "PortalApp.Tests", "Captcha", "vectors.json"));
        return JsonNode.Parse(text)!.AsObject();
    }
}
