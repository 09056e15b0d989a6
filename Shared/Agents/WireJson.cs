using System.Text.Json;
using System.Text.Json.Serialization;

namespace Portal.Agents;

/// <summary>
/// How portal and agent write and read what they say to each other, so that each may be a version ahead (H89). A member that the reader does not
/// know is skipped; a duplicate, a wrong type and a missing member are refused. So a member that is added later has a default.
/// </summary>
public static class WireJson
{
    public static JsonSerializerOptions Options { get; } =
        new(JsonSerializerDefaults.Strict)
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Skip,
            MaxDepth = 12,
        };
}
