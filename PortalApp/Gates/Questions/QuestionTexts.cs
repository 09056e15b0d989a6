using System.Globalization;
using System.Resources;

namespace PortalApp.Gates.Questions;

/// <summary>Names the resource file of the questions that ship, and of what is said around them.</summary>
internal sealed class QuestionTexts;

internal static class ShippedQuestions
{
    public const int Count = 20;

    private static readonly ResourceManager Sentences = new(typeof(QuestionTexts));

    /// <summary>As a person reads it, in their language where it ships.</summary>
    public static string TextIn(this SecurityQuestion question, CultureInfo language) =>
        question.Shipped is { } number ? Sentences.GetString($"Question{number}", language)! : question.Text!.In(language);
}
