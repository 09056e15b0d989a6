using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PortalApp.Layout.Languages;

namespace PortalApp.Gates.Questions;

/// <summary>What a tenant's own question says, in each language in which it was written.</summary>
internal sealed record QuestionWords(ImmutableSortedDictionary<string, string> Texts)
{
    /// <param name="typed">By the name of a language; what is blank is left out.</param>
    public static QuestionWords Of(IEnumerable<(string Language, string Text)> typed) =>
        new(
            typed
                .Where(one => !string.IsNullOrWhiteSpace(one.Text))
                .ToImmutableSortedDictionary(one => one.Language, one => one.Text.Trim(), StringComparer.Ordinal)
        );

    /// <summary>In another where it was not written in that one: in English first.</summary>
    public string In(CultureInfo language) =>
        Texts.GetValueOrDefault(language.TwoLetterISOLanguageName)
        ?? Texts.GetValueOrDefault(ShippedLanguages.Standard.Name)
        ?? Texts.Values.First();

    public bool Equals(QuestionWords? other) => other is not null && Texts.SequenceEqual(other.Texts);

    public override int GetHashCode() => Texts.Count;
}

/// <summary>As JSON in a column.</summary>
internal sealed class QuestionWordsText()
    : ValueConverter<QuestionWords, string>(
        words => JsonSerializer.Serialize(words.Texts, (JsonSerializerOptions?)null),
        text => new(JsonSerializer.Deserialize<ImmutableSortedDictionary<string, string>>(text, (JsonSerializerOptions?)null)!)
    );
