using System.Text.Json;

namespace Agent.Portal;

internal static class PortalJson
{
    /// <summary>As the portal writes and reads; a name that this version does not know is skipped.</summary>
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowOutOfOrderMetadataProperties = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 12,
    };
}
