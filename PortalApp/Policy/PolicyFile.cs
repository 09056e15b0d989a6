using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PortalApp.Gates;
using PortalApp.Users.Groups;

namespace PortalApp.Policy;

internal enum PolicyFileFault
{
    NotJson,
    OtherVersion,
    UnknownGroup,
    GroupOfTwo,
    UnknownMethod,
    UnknownHelp,
    UnknownAudience,
}

/// <summary>What came of reading policies from a file. Closed: the two cases below.</summary>
internal abstract record PolicyFileReading
{
    private PolicyFileReading() { }

    public sealed record Read(PolicyList List) : PolicyFileReading;

    /// <param name="What">Where, or which.</param>
    public sealed record Wrong(PolicyFileFault Fault, string What) : PolicyFileReading;
}

/// <summary>A tenant's policies as JSON that another tenant can read too: groups, methods and rules of help by name.</summary>
internal static class PolicyFile
{
    private const int Version = 1;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <param name="names">Of groups.</param>
    public static string Write(PolicyList list, IReadOnlyDictionary<long, string> names) =>
        JsonSerializer.Serialize(
            new FileList(
                Version,
                [
                    .. list.Entries.Select(entry => new FileEntry(
                        entry.Name,
                        [.. entry.Groups.Select(id => names[id])],
                        Write(entry.Terms, names)
                    )),
                ],
                Write(list.Default, names)
            ),
            Options
        );

    /// <param name="groups">The tenant's.</param>
    public static PolicyFileReading Read(string json, IReadOnlyList<Group> groups)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            if (
                document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("version", out var told)
                && !(told.ValueKind == JsonValueKind.Number && told.TryGetInt32(out var version) && version == Version)
            )
            {
                return new PolicyFileReading.Wrong(PolicyFileFault.OtherVersion, told.ToString());
            }

            var file = document.Deserialize<FileList>(Options)!;
            var reader = new Reader(groups.Where(group => group.GoneAt is null).ToLookup(group => group.Name, group => group.Id));
            return new PolicyFileReading.Read(
                new(
                    [.. file.Policies.Select(entry => new PolicyEntry(entry.Name, reader.Groups(entry.Groups), reader.Terms(entry.Terms)))],
                    reader.Terms(file.Default)
                )
            );
        }
        catch (JsonException e)
        {
            return new PolicyFileReading.Wrong(PolicyFileFault.NotJson, $"{e.Path ?? "$"} ({(e.LineNumber ?? 0) + 1})");
        }
        catch (FaultException e)
        {
            return new PolicyFileReading.Wrong(e.Fault, e.Message);
        }
    }

    private static FileTerms Write(PolicyTerms terms, IReadOnlyDictionary<long, string> names) =>
        new(
            terms.ForWhom.GetType().Name,
            terms.Gates,
            [.. terms.Methods.Select(method => method.ToString())],
            terms.ForWhom is PolicyAudience.Groups { Ids: var ids } ? [.. ids.Select(id => names[id])] : null,
            terms.Help.IsEmpty ? null : [.. terms.Help.Select(rule => rule.ToString())],
            terms.Unlock ? true : null,
            terms.QuestionsAlone ? true : null,
            terms.TellsAdministrators ? true : null
        );

    private sealed class Reader(ILookup<string, long> known)
    {
        public long[] Groups(IEnumerable<string> names) =>
            [
                .. names
                    .Select(name =>
                        known[name].ToArray() switch
                        {
                            [var id] => id,
                            [] => throw new FaultException(PolicyFileFault.UnknownGroup, name),
                            _ => throw new FaultException(PolicyFileFault.GroupOfTwo, name),
                        }
                    )
                    .Order(),
            ];

        public PolicyTerms Terms(FileTerms terms) =>
            new(
                terms.ForWhom switch
                {
                    nameof(PolicyAudience.Nobody) => new PolicyAudience.Nobody(),
                    nameof(PolicyAudience.Everyone) => new PolicyAudience.Everyone(),
                    nameof(PolicyAudience.Groups) => new PolicyAudience.Groups(Groups(terms.ForGroups ?? [])),
                    var other => throw new FaultException(PolicyFileFault.UnknownAudience, other),
                },
                terms.Gates,
                [.. terms.Methods.Select(name => Named<GateMethod>(name, PolicyFileFault.UnknownMethod))],
                terms.Unlock ?? false,
                terms.QuestionsAlone is true
            )
            {
                Help = [.. (terms.Help ?? []).Select(name => Named<HelpRule>(name, PolicyFileFault.UnknownHelp))],
                TellsAdministrators = terms.TellsAdministrators ?? false,
            };

        private static T Named<T>(string name, PolicyFileFault fault)
            where T : struct, Enum =>
            Enum.TryParse<T>(name, out var known) && Enum.IsDefined(known) && $"{known}" == name
                ? known
                : throw new FaultException(fault, name);
    }

    private sealed class FaultException(PolicyFileFault fault, string what) : Exception(what)
    {
        public PolicyFileFault Fault => fault;
    }

    private sealed record FileList(int Version, FileEntry[] Policies, FileTerms Default);

    private sealed record FileEntry(string Name, string[] Groups, FileTerms Terms);

    private sealed record FileTerms(
        string ForWhom,
        int Gates,
        string[] Methods,
        string[]? ForGroups = null,
        string[]? Help = null,
        bool? Unlock = null,
        bool? QuestionsAlone = null,
        bool? TellsAdministrators = null
    );
}
