using System.Text.Json.Nodes;

namespace PortalApp.Tests.Writeback.Wire;

/// <summary>What another version, or nobody who means well, makes of a message.</summary>
internal static class WireChanges
{
    /// <summary>Keys are taken as they are, and read elsewhere: in them nothing is added.</summary>
    private static readonly string[] Opaque = ["encryptionKey", "signingKey"];

    /// <summary>With members of a newer version in every object.</summary>
    public static JsonNode Grown(string json)
    {
        var root = JsonNode.Parse(json)!;
        Grow(root);
        return root;
    }

    /// <summary>Without one of its members; one for each that it must have.</summary>
    public static IEnumerable<string> Shortened(string json, params string[] optional) =>
        Changed(json, optional, (parent, name) => parent.Remove(name));

    /// <summary>With one of its members of another type; one for each.</summary>
    public static IEnumerable<string> Mistyped(string json) =>
        Changed(json, Opaque, (parent, name) => parent[name] = new JsonArray(new JsonArray(1)));

    /// <summary>With one of its members twice; one for each.</summary>
    public static IEnumerable<string> Doubled(string json) =>
        Changed(json, [], (parent, name) => parent["again"] = parent[name]?.DeepClone())
            .Zip(
                Members(JsonNode.Parse(json)!, []),
                (text, member) => text.Replace("\"again\"", $"\"{member.Name}\"", StringComparison.Ordinal)
            );

    private static IEnumerable<string> Changed(string json, string[] except, Action<JsonObject, string> change)
    {
        for (var nth = 0; nth < Members(JsonNode.Parse(json)!, except).Count(); nth++)
        {
            var root = JsonNode.Parse(json)!;
            var (parent, name) = Members(root, except).ElementAt(nth);
            change(parent, name);
            yield return root.ToJsonString();
        }
    }

    private static IEnumerable<(JsonObject Parent, string Name)> Members(JsonNode? node, string[] except) =>
        node switch
        {
            JsonObject all => all.SelectMany(member =>
                (Opaque.Contains(member.Key) ? [] : Members(member.Value, except)).Concat(
                    except.Contains(member.Key) ? [] : [(all, member.Key)]
                )
            ),
            JsonArray items => items.SelectMany(item => Members(item, except)),
            _ => [],
        };

    private static void Grow(JsonNode? node)
    {
        foreach (var child in (node as JsonArray)?.ToList() ?? [])
        {
            Grow(child);
        }

        if (node is JsonObject all)
        {
            foreach (var member in all.Where(member => !Opaque.Contains(member.Key)).ToList())
            {
                Grow(member.Value);
            }

            all["ofANewerVersion"] = new JsonObject { ["deep"] = new JsonArray(1, "two") };
            all.Insert(0, "alsoNewer", 1);
        }
    }
}
