using System.Text.Json;
using System.Text.Json.Nodes;
using Portal.Agents;
using Portal.DirectorySync;
using Portal.Policy;
using Portal.Relay.Envelopes;
using Portal.Writeback;
using PortalApp.Tests.Relay;

namespace PortalApp.Tests.Writeback.Wire;

/// <summary>Version N beside N−1: the messages of yesterday as files, written and read by the code of today.</summary>
[Trait("Case", "H89")]
public sealed class WireTests
{
    public static TheoryData<string> Calls => [.. WireSamples.Calls.Keys];

    public static TheoryData<string> Results => [.. WireSamples.Results.Keys];

    public static TheoryData<string> Sealed => [.. WireSamples.Sealed.Keys];

    [Fact]
    public void Every_file_is_read_and_every_call_result_and_kind_has_one()
    {
        Assert.Equal(WireSamples.Calls.Keys.Order(), WireSamples.FilesIn("Calls").Order());
        Assert.Equal(WireSamples.Results.Keys.Order(), WireSamples.FilesIn("Results").Order());
        Assert.Equal(WireSamples.Sealed.Keys.Order(), WireSamples.FilesIn("Sealed").Order());

        Assert.Equal(CasesOf<WritebackResult>(), WireSamples.Results.Values.Select(NameOf).Distinct().Order());
        Assert.Equal(CasesOf<WritebackRequest>().Except(["Unsupported"]), WireSamples.Sealed.Values.Select(NameOf).Order());
        Assert.Equal(Enum.GetValues<RequestKind>(), WireSamples.Sealed.Values.Select(request => request.Kind));
        Assert.Equal(
            typeof(AgentApi).Assembly.GetExportedTypes().Where(IsCall).Select(type => type.Name).Order(),
            WireSamples.Calls.Values.Select(NameOf).Distinct().Order()
        );
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_is_written_as_the_file_says_and_read_also_with_what_a_newer_version_adds(string name)
    {
        var (call, text) = (WireSamples.Calls[name], WireSamples.TextOf("Calls", name));

        Same(text, Written(call, call.GetType()));
        Same(text, Written(Read(text, call.GetType()), call.GetType()));
        Same(text, Written(Read(WireChanges.Grown(text).ToJsonString(), call.GetType()), call.GetType()));
    }

    [Theory]
    [MemberData(nameof(Calls))]
    public void A_call_that_lacks_doubles_or_mistypes_a_member_is_refused(string name)
    {
        var text = WireSamples.TextOf("Calls", name);

        Assert.All(
            [.. WireChanges.Shortened(text, optional: [.. Later(name)]), .. WireChanges.Doubled(text), .. WireChanges.Mistyped(text)],
            bad => Assert.Throws<JsonException>(() => Read(bad, WireSamples.Calls[name].GetType()))
        );
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void A_result_is_written_as_the_file_says_and_equals_what_is_read_from_it(string name)
    {
        var (result, text) = (WireSamples.Results[name], WireSamples.TextOf("Results", name));

        Same(text, Written(result, typeof(WritebackResult)));
        Same(text, JsonSerializer.Serialize(result));
        Assert.Equal(result, Result(text));
        Assert.Equal(result.GetHashCode(), Result(text).GetHashCode());
        Assert.Equal(result, Result(WireChanges.Grown(text).ToJsonString()));
        Assert.Equal(result, JsonSerializer.Deserialize<WritebackResult>(text));
    }

    [Theory]
    [MemberData(nameof(Results))]
    public void A_result_that_lacks_doubles_or_mistypes_a_member_is_refused(string name)
    {
        var text = WireSamples.TextOf("Results", name);

        Assert.All(
            [
                .. WireChanges.Shortened(
                    text,
                    optional: name.StartsWith("rejected", StringComparison.Ordinal) ? ["rules"] : ["staysLocked", "mayUnlock"]
                ),
                .. WireChanges.Doubled(text),
                .. WireChanges.Mistyped(text),
            ],
            bad => Assert.Throws<JsonException>(() => Result(bad))
        );
    }

    [Fact]
    public void A_result_of_a_newer_version_is_neither_lost_nor_taken_for_one_that_is_known() =>
        Assert.Equal(
            new WritebackResult.Unknown(WritebackReason.Unrecognised, "deferred"),
            Result("""{ "until": "2026-03-01T12:00:00Z", "result": "deferred" }""")
        );

    [Fact]
    public void Results_differ_in_every_member_of_their_rules()
    {
        var rules = ((WritebackResult.Settable)WireSamples.Results["settable"]).Rules;
        PasswordRules[] others =
        [
            rules with
            {
                Source = PolicySource.Domain,
            },
            rules with
            {
                PolicyName = null,
            },
            rules with
            {
                MinimumLength = 13,
            },
            rules with
            {
                Complexity = false,
            },
            rules with
            {
                HistoryLength = 1,
            },
            rules with
            {
                HistoryEnforced = false,
            },
            rules with
            {
                ChangeableFrom = null,
            },
            rules with
            {
                Names = ["anna"],
            },
            rules with
            {
                Names = ["黒川", "anna"],
            },
        ];

        Assert.Equal(new WritebackResult.Settable(rules), new WritebackResult.Settable(rules with { Names = [.. rules.Names] }));
        Assert.All(others, other => Assert.NotEqual(new WritebackResult.Settable(rules), new WritebackResult.Settable(other)));
    }

    [Theory]
    [MemberData(nameof(Sealed))]
    public void A_sealed_request_is_written_as_the_file_says_and_read_also_with_what_a_newer_version_adds(string name)
    {
        var (request, text) = (WireSamples.Sealed[name], WireSamples.TextOf("Sealed", name));
        using var forge = new Forge { Tenant = request.Tenant, Id = request.Id };

        Same(text, forge.Unsealed(forge.Sealed(request)));
        Assert.Equal(Forge.Told(request), Forge.Told(Opened(forge, text)));
        Assert.Equal(Forge.Told(request), Forge.Told(Opened(forge, WireChanges.Grown(text).ToJsonString())));
    }

    [Theory]
    [MemberData(nameof(Sealed))]
    public void A_sealed_request_that_lacks_doubles_or_mistypes_a_member_is_refused(string name)
    {
        var (request, text) = (WireSamples.Sealed[name], WireSamples.TextOf("Sealed", name));
        using var forge = new Forge { Tenant = request.Tenant, Id = request.Id };

        Assert.All(
            [.. WireChanges.Shortened(text), .. WireChanges.Doubled(text), .. WireChanges.Mistyped(text)],
            bad => Assert.IsType<EnvelopeOpening.Refused>(Open(forge, bad))
        );
    }

    /// <summary>Members that an older version does not have; what is in them must be there whole.</summary>
    private static IEnumerable<string> Later(string call) =>
        call switch
        {
            "hello-request-with-state" => ["state"],
            "hello-response-with-relay" => ["relay"],
            "sync-batch-with-mail" => ["mail"],
            "sync-batch-with-gone" => ["gone"],
            "sync-batch-with-groups" => ["groups", "goneGroups", "after", "through"],
            "sync-report-with-groups" => ["groups"],
            _ => [],
        };

    private static bool IsCall(Type type) =>
        type == typeof(SyncBatch)
        || type == typeof(SyncReport)
        || type == typeof(SyncStanding)
        || type == typeof(SyncStandingAnswer)
        || (
            type.Namespace == typeof(AgentApi).Namespace
            && (type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name.EndsWith("Response", StringComparison.Ordinal))
        );

    private static string[] CasesOf<T>() => [.. typeof(T).GetNestedTypes().Where(type => type.IsSealed).Select(type => type.Name).Order()];

    private static string NameOf(object value) => value.GetType().Name;

    private static string Written(object? value, Type type) => JsonSerializer.Serialize(value, type, WireJson.Options);

    private static object? Read(string text, Type type) => JsonSerializer.Deserialize(text, type, WireJson.Options);

    private static WritebackResult Result(string text) => (WritebackResult)Read(text, typeof(WritebackResult))!;

    private static EnvelopeOpening Open(Forge forge, string content) => forge.Open(forge.Outer(forge.Inner(Forge.Padded(content))));

    private static WritebackRequest Opened(Forge forge, string content) => EnvelopeTests.Opened(Open(forge, content));

    private static void Same(string file, string written) =>
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(file), JsonNode.Parse(written)), written);
}
