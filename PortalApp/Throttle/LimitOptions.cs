using System.Linq.Expressions;
using FluentValidation;
using FluentValidation.Validators;

namespace PortalApp.Throttle;

/// <summary>What an operator may set of <see cref="Limits"/>, each within bounds; <c>docs/limits.md</c> lists all of it.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Limits";

    public int CodeMinutes { get; set; } = (int)Limits.Standard.CodeLifetime.TotalMinutes;
    public int TriesPerCode { get; set; } = Limits.Standard.TriesPerCode;
    public int CodesOfFlow { get; set; } = Limits.Standard.CodesOfFlow.Most;
    public int CodesFromPlace { get; set; } = Limits.Standard.CodesFromPlace.Most;
    public int CodesFromPlaceOfDay { get; set; } = Limits.Standard.CodesFromPlaceOfDay.Most;
    public int CodesToPerson { get; set; } = Limits.Standard.CodesToPerson.All.Most;
    public int CodesToAddress { get; set; } = Limits.Standard.CodesToAddress.All.Most;
    public int CodesOfTenant { get; set; } = Limits.Standard.CodesOfTenant.All.Most;
    public int TextsToNumber { get; set; } = Limits.Standard.Texts.ToNumber.All.Most;
    public int TextsOfNetwork { get; set; } = Limits.Standard.Texts.OfNetwork.Most;
    public int TextsOfTenant { get; set; } = Limits.Standard.Texts.OfTenant.All.Most;
    public int CallsToNumber { get; set; } = Limits.Standard.Calls.ToNumber.All.Most;
    public int CallsOfNetwork { get; set; } = Limits.Standard.Calls.OfNetwork.Most;
    public int CallsOfTenant { get; set; } = Limits.Standard.Calls.OfTenant.All.Most;
    public int FailuresInARow { get; set; } = Limits.Standard.FailuresInARow;
    public int FailuresFromPlace { get; set; } = Limits.Standard.FailuresFromPlace.Most;
    public int FailuresByMethod { get; set; } = Limits.Standard.FailuresByMethod.Most;
    public int FailuresByMail { get; set; } = Limits.Standard.FailuresByMail.Most;
    public int SuccessesOfPerson { get; set; } = Limits.Standard.SuccessesOfPerson.Most;
    public int FailuresOfTenant { get; set; } = Limits.Standard.FailuresOfTenant.Most;
    public int FailuresOfAll { get; set; } = Limits.Standard.FailuresOfAll.Most;
    public int FlowMinutes { get; set; } = (int)Limits.Standard.FlowLifetime.TotalMinutes;
    public int FlowsOfNetwork { get; set; } = Limits.Standard.FlowsOfNetwork.Most;
    public int SetsPerFlow { get; set; } = Limits.Standard.SetsPerFlow;

    /// <summary>Strangers' shares go with what they are of.</summary>
    public Limits ToLimits() =>
        Limits.Standard with
        {
            CodeLifetime = TimeSpan.FromMinutes(CodeMinutes),
            TriesPerCode = TriesPerCode,
            CodesOfFlow = Limits.Standard.CodesOfFlow with { Most = CodesOfFlow },
            CodesFromPlace = Limits.Standard.CodesFromPlace with { Most = CodesFromPlace },
            CodesFromPlaceOfDay = Limits.Standard.CodesFromPlaceOfDay with { Most = CodesFromPlaceOfDay },
            CodesToPerson = Limits.Standard.CodesToPerson.Of(CodesToPerson),
            CodesToAddress = Limits.Standard.CodesToAddress.Of(CodesToAddress),
            CodesOfTenant = Limits.Standard.CodesOfTenant.Of(CodesOfTenant),
            Texts = PhoneLimits.Of("texts", TextsToNumber, TextsOfNetwork, TextsOfTenant),
            Calls = PhoneLimits.Of("calls", CallsToNumber, CallsOfNetwork, CallsOfTenant),
            FailuresInARow = FailuresInARow,
            FailuresOfStrangers = FailuresInARow * Limits.Standard.FailuresOfStrangers / Limits.Standard.FailuresInARow,
            FailuresFromPlace = Limits.Standard.FailuresFromPlace with { Most = FailuresFromPlace },
            FailuresByMethod = Limits.Standard.FailuresByMethod with { Most = FailuresByMethod },
            FailuresByMail = Limits.Standard.FailuresByMail with { Most = FailuresByMail },
            SuccessesOfPerson = Limits.Standard.SuccessesOfPerson with { Most = SuccessesOfPerson },
            FailuresOfTenant = Limits.Standard.FailuresOfTenant with { Most = FailuresOfTenant },
            FailuresOfAll = Limits.Standard.FailuresOfAll with { Most = FailuresOfAll },
            FlowLifetime = TimeSpan.FromMinutes(FlowMinutes),
            FlowsOfNetwork = Limits.Standard.FlowsOfNetwork with { Most = FlowsOfNetwork },
            SetsPerFlow = SetsPerFlow,
        };
}

internal sealed class LimitOptionsValidator : AbstractValidator<LimitOptions>
{
    public LimitOptionsValidator()
    {
        Within(o => o.CodeMinutes, 1, 10);
        Within(o => o.TriesPerCode, 1, 10);
        Within(o => o.CodesOfFlow, 1, 10);
        Within(o => o.CodesFromPlace, 3, 60);
        Within(o => o.CodesFromPlaceOfDay, 3, 100);
        Within(o => o.CodesToPerson, 6, 300);
        Within(o => o.CodesToAddress, 6, 300);
        Within(o => o.CodesOfTenant, 100, 1_000_000);
        Within(o => o.TextsToNumber, 3, 60);
        Within(o => o.TextsOfNetwork, 10, 10_000);
        Within(o => o.TextsOfTenant, 10, 1_000_000);
        Within(o => o.CallsToNumber, 3, 60);
        Within(o => o.CallsOfNetwork, 10, 10_000);
        Within(o => o.CallsOfTenant, 10, 1_000_000);
        Within(o => o.FailuresInARow, 10, 100);
        Within(o => o.FailuresFromPlace, 3, 50);
        Within(o => o.FailuresByMethod, 3, 50);
        Within(o => o.FailuresByMail, 3, 50);
        Within(o => o.SuccessesOfPerson, 5, 1_000);
        Within(o => o.FailuresOfTenant, 10, 100_000);
        Within(o => o.FailuresOfAll, 10, 1_000_000);
        Within(o => o.FlowMinutes, 5, 30);
        Within(o => o.FlowsOfNetwork, 10, 100_000);
        Within(o => o.SetsPerFlow, 3, 20);
    }

    /// <summary>By option: what it may be at least and at most.</summary>
    public IReadOnlyDictionary<string, (int Least, int Most)> Bounds =>
        CreateDescriptor()
            .GetMembersWithValidators()
            .ToDictionary(
                member => member.Key,
                member =>
                {
                    var bounds = member.Select(rule => rule.Validator).OfType<IBetweenValidator>().Single();
                    return ((int)bounds.From, (int)bounds.To);
                }
            );

    private void Within(Expression<Func<LimitOptions, int>> option, int least, int most)
    {
        var key = $"{LimitOptions.Section}:{((MemberExpression)option.Body).Member.Name}";
        RuleFor(option).InclusiveBetween(least, most).WithMessage((_, told) => $"{key}: {told} is not a number from {least} to {most}.");
    }
}
