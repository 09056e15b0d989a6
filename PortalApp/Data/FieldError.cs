using FluentValidation.Results;

namespace PortalApp.Data;

/// <summary>What is wrong with one value of a change.</summary>
/// <param name="Field">The value's name in the change.</param>
/// <param name="Sentence">What is wrong, and what to write instead: said after an option's name, or shown beside a field.</param>
internal sealed record FieldError(string Field, string Sentence)
{
    public static IReadOnlyList<FieldError> Of(ValidationResult mistakes) =>
        [.. mistakes.Errors.Select(mistake => new FieldError(mistake.PropertyName, mistake.ErrorMessage))];
}
