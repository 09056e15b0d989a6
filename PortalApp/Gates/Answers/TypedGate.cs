using PortalApp.Secrets;

namespace PortalApp.Gates.Answers;

/// <summary>A gate that is answered by typing what the person has: one field.</summary>
internal abstract class TypedGate(AnswerTries tries, PortalKeys keys) : OwnedGate(keys)
{
    /// <summary>The form's one field.</summary>
    public const string Field = "code";

    public sealed override Type Question => typeof(TypedQuestion);

    /// <summary>With what the names of its sentences begin.</summary>
    public abstract string Words { get; }

    /// <summary>A phone shows its keys for digits.</summary>
    public abstract bool IsOfDigits { get; }

    /// <summary>As it is compared; null for what cannot be right, whoever typed it: that is compared with nothing, and costs no try.</summary>
    protected abstract string? Read(string typed);

    /// <summary>True once for each right answer.</summary>
    protected abstract Task<bool> IsRightAsync(string userId, string read, CancellationToken cancellation);

    public sealed override Task<GateBeginning> BeginAsync(GateSubject subject, bool anew, CancellationToken cancellation) =>
        Task.FromResult<GateBeginning>(new GateBeginning.Begun());

    public sealed override async Task<GateAnswer> AnswerAsync(GateSubject subject, IFormCollection form, CancellationToken cancellation)
    {
        var typed = form[Field].ToString();
        return string.IsNullOrWhiteSpace(typed) ? new GateAnswer.Refused(new AnswerRefusal.Missing())
            : typed.Length > MaxTyped || Read(typed) is not { } read ? new GateAnswer.Refused(new AnswerRefusal.Wrong())
            : await tries.JudgeAsync(subject, Method, read, () => IsRightAsync(subject.Person.Subject, read, cancellation), cancellation);
    }

    /// <summary>Longer texts are not read at all.</summary>
    private const int MaxTyped = 64;
}
