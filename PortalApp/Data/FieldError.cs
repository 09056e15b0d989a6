using System.Globalization;
using System.Resources;
using FluentValidation;
using FluentValidation.Results;

namespace PortalApp.Data;

/// <summary>What is wrong with one value of a change, and what to write instead: said after an option's name, or shown beside a field.</summary>
/// <param name="Field">The value's name in the change.</param>
/// <param name="Arguments">What stands in the sentence's holes; what is itself said in words is a <see cref="FieldError"/>.</param>
internal sealed record FieldError(string Field, Fault Fault, params object[] Arguments)
{
    private static readonly ResourceManager Sentences = new(typeof(FieldError));

    /// <summary>Of several things of a kind, the one that it is in; null where there is one.</summary>
    public string? Within { get; init; }

    /// <summary>In the language of whoever is served.</summary>
    public string Sentence => In(CultureInfo.CurrentUICulture);

    public string In(CultureInfo language)
    {
        object[] said = [.. Arguments.Select(argument => argument is FieldError error ? error.In(language) : argument)];
        var sentence = string.Format(CultureInfo.InvariantCulture, Sentences.GetString($"{Fault}", language)!, said);
        return Within is null ? sentence : $"{Within}: {sentence}";
    }

    public static IReadOnlyList<FieldError> Of(ValidationResult mistakes) =>
        [.. mistakes.Errors.Select(mistake => ((Func<string, FieldError>)mistake.CustomState)(mistake.PropertyName))];
}

internal static class FieldErrorRules
{
    /// <summary>What is said of a value that breaks the rule before.</summary>
    public static IRuleBuilderOptions<T, TValue> Says<T, TValue>(
        this IRuleBuilderOptions<T, TValue> rule,
        Fault fault,
        Func<T, object[]>? arguments = null
    ) => rule.WithState(of => (Func<string, FieldError>)(field => new(field, fault, arguments?.Invoke(of) ?? [])));
}
