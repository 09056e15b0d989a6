using FluentValidation;

namespace PortalApp.Writeback;

internal sealed class WritebackOptions
{
    public const string Section = "Writeback";

    /// <summary>One deadline for the row, the message, the grant and the page; 10–300.</summary>
    public int DeadlineSeconds { get; set; } = 60;

    public TimeSpan Deadline => TimeSpan.FromSeconds(DeadlineSeconds);
}

internal sealed class WritebackOptionsValidator : AbstractValidator<WritebackOptions>
{
    public WritebackOptionsValidator() =>
        RuleFor(w => w.DeadlineSeconds)
            .InclusiveBetween(10, 300)
            .WithMessage("Writeback:DeadlineSeconds: write a number of seconds from 10 to 300.");
}
