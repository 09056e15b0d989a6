using System.Text.RegularExpressions;
using Portal.Policy;
using Portal.Writeback;
using PortalApp.PasswordReset;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.PasswordReset;

public sealed partial class ResetFlowTests
{
    private static readonly PasswordRules Rules = new(PolicySource.Domain, null, 12, true, 24, true, null, []);
    private static readonly WritebackResult Settable = new WritebackResult.Settable(Rules);

    private static readonly ResetFacts Nobody = new(false, true, 1, 0, true, false, false, Asked.Nothing, Asked.Nothing, 0, 10);
    private static readonly ResetFacts Begun = Nobody with { Identified = true };
    private static readonly ResetFacts Passed = Begun with { GatesPassed = 1, Check = Asked.NoAnswer };
    private static readonly ResetFacts Checked = Passed with { Check = Answer(Settable) };
    private static readonly ResetFacts Sent = Checked with { Set = Asked.NoAnswer, Sets = 1 };

    [Fact]
    [Trait("Case", "H33")]
    public void The_rules_that_a_refusal_brought_take_the_place_of_those_that_were_shown()
    {
        var stricter = ResetPortal.Rules with { MinimumLength = 25 };
        var facts = Sent with { Set = Answer(new WritebackResult.Rejected(WritebackReason.TooShort, null, stricter)) };

        Assert.Equal(new ResetStage.ChoosePassword(stricter, WritebackReason.TooShort), ResetFlow.StageOf(facts));
    }

    [Fact]
    public void The_diagram_and_the_code_have_the_same_arrows()
    {
        var drawn = Arrow()
            .Matches(File.ReadAllText(Path.Combine(Repository.Root, "PortalApp", "PasswordReset", "ResetFlow.mermaid")))
            .Select(m => $"{m.Groups["from"].Value} --> {m.Groups["to"].Value}")
            .Order()
            .ToList();

        Assert.Equal(drawn.Distinct(), Walk().Order());
    }

    [Fact]
    public void Two_gates_are_two_gates()
    {
        var facts = Begun with { GatesRequired = 2, GatesPassed = 1 };

        Assert.IsType<ResetStage.Gate>(ResetFlow.StageOf(facts));
        Assert.IsType<ResetStage.Checking>(ResetFlow.StageOf(facts with { GatesPassed = 2 }));
    }

    [Fact]
    public void Where_there_is_a_choice_it_is_made_before_each_gate()
    {
        var facts = Begun with { GatesRequired = 2, GateAsked = false };

        Assert.IsType<ResetStage.ChooseMethod>(ResetFlow.StageOf(facts));
        Assert.IsType<ResetStage.Gate>(ResetFlow.StageOf(facts with { GateAsked = true }));
        Assert.IsType<ResetStage.ChooseMethod>(ResetFlow.StageOf(facts with { GatesPassed = 1 }));
        Assert.IsType<ResetStage.Checking>(ResetFlow.StageOf(facts with { GatesPassed = 2 }));
    }

    [Theory]
    [Trait("Case", "H21")]
    [InlineData(0, 1)]
    [InlineData(1, 2)]
    public void Without_its_gates_a_flow_never_comes_to_a_password(int passed, int required)
    {
        var facts = Checked with { GatesPassed = passed, GatesRequired = required };

        Assert.IsType<ResetStage.Gate>(ResetFlow.StageOf(facts));
    }

    [Fact]
    public void A_refusal_by_policy_leads_back_to_the_form_and_says_why()
    {
        var facts = Sent with { Set = Answer(new WritebackResult.Rejected(WritebackReason.InHistory, null)) };

        Assert.Equal(new ResetStage.ChoosePassword(Rules, WritebackReason.InHistory), ResetFlow.StageOf(facts));
    }

    [Fact]
    public void The_tenth_refusal_is_the_last()
    {
        var facts = Sent with { Set = Answer(new WritebackResult.Rejected(WritebackReason.TooShort, null)) };

        Assert.IsType<ResetStage.ChoosePassword>(ResetFlow.StageOf(facts with { Sets = 9 }));
        Assert.IsType<ResetStage.TooManySets>(ResetFlow.StageOf(facts with { Sets = 10 }));
    }

    [Theory]
    [InlineData(WritebackReason.Protected)]
    [InlineData(WritebackReason.Disabled)]
    [InlineData(WritebackReason.NotFoundOnPremises)]
    [InlineData(WritebackReason.NoRight)]
    [InlineData(WritebackReason.OutOfScope)]
    [InlineData(WritebackReason.NotSupported)]
    [InlineData(WritebackReason.SeveralMatches)]
    public void What_is_wrong_with_the_account_is_said_before_a_password_is_typed(WritebackReason reason)
    {
        var facts = Passed with { Check = Answer(new WritebackResult.NotAttempted(reason, null)) };

        Assert.Equal(new ResetStage.Refused(reason), ResetFlow.StageOf(facts));
    }

    [Theory]
    [Trait("Case", "H31")]
    [InlineData(WritebackReason.Disabled)]
    [InlineData(WritebackReason.Protected)]
    public void An_account_that_was_changed_after_the_check_ends_the_flow(WritebackReason reason)
    {
        var facts = Sent with { Set = Answer(new WritebackResult.NotAttempted(reason, null)) };

        Assert.Equal(new ResetStage.Refused(reason), ResetFlow.StageOf(facts));
    }

    [Fact]
    [Trait("Case", "H34")]
    public void A_flow_past_its_life_is_dead_but_tells_what_came_of_it()
    {
        Assert.IsType<ResetStage.Expired>(ResetFlow.StageOf(Checked with { Alive = false }));
        Assert.IsType<ResetStage.Setting>(ResetFlow.StageOf(Sent with { Alive = false }));
        Assert.IsType<ResetStage.Done>(ResetFlow.StageOf(Sent with { Alive = false, Set = Answer(new WritebackResult.Applied(true)) }));
    }

    [Fact]
    public void An_unknown_outcome_that_proves_to_be_none_does_not_give_the_proof_back()
    {
        var facts = Sent with { GatesSpent = true, Set = Answer(new WritebackResult.NotAttempted(WritebackReason.Expired, null)) };

        Assert.Equal(new ResetStage.Refused(WritebackReason.Expired), ResetFlow.StageOf(facts));
    }

    /// <summary>Every arrow that can be walked from the start by what may happen to a flow.</summary>
    private static HashSet<string> Walk()
    {
        var seen = new HashSet<ResetFacts>();
        var arrows = new HashSet<string>();
        var open = new Queue<ResetFacts>([Nobody]);
        while (open.TryDequeue(out var facts))
        {
            foreach (var next in Happenings(facts))
            {
                var (from, to) = (NameOf(facts), NameOf(next));
                if (from != to)
                {
                    arrows.Add($"{from} --> {to}");
                }

                if (seen.Add(next))
                {
                    open.Enqueue(next);
                }
            }
        }

        return arrows;
    }

    private static IEnumerable<ResetFacts> Happenings(ResetFacts facts)
    {
        switch (ResetFlow.StageOf(facts))
        {
            case ResetStage.Identify:
                foreach (var required in new[] { 1, 2 })
                {
                    yield return facts with
                    {
                        Identified = true,
                        GatesRequired = required,
                    };
                    yield return facts with
                    {
                        Identified = true,
                        GatesRequired = required,
                        GateAsked = false,
                    };
                }

                yield break;
            case ResetStage.ChooseMethod:
                yield return facts with
                {
                    GateAsked = true,
                };
                break;
            case ResetStage.Gate when facts.GatesPassed + 1 < facts.GatesRequired:
                foreach (var isAsked in new[] { true, false })
                {
                    yield return facts with
                    {
                        GatesPassed = facts.GatesPassed + 1,
                        GateAsked = isAsked,
                    };
                }

                break;
            case ResetStage.Gate:
                var passed = facts with { GatesPassed = facts.GatesRequired };
                foreach (var next in new[] { passed with { Check = Asked.NoAnswer }, passed with { Disputed = true } })
                {
                    yield return next;
                }

                break;
            case ResetStage.Checking:
                yield return facts with
                {
                    Check = Answer(Settable),
                };
                yield return facts with
                {
                    Check = Answer(new WritebackResult.NotAttempted(WritebackReason.NoAgent, null)),
                };
                yield return facts with
                {
                    Check = Answer(new WritebackResult.NotAttempted(WritebackReason.Protected, null)),
                };
                break;
            case ResetStage.NotReached:
                yield return facts with
                {
                    Check = Asked.NoAnswer,
                };
                break;
            case ResetStage.ChoosePassword:
                yield return facts with
                {
                    Set = Asked.NoAnswer,
                    Sets = facts.Sets + 1,
                };
                break;
            case ResetStage.Setting:
                yield return facts with
                {
                    Set = Answer(new WritebackResult.Applied(false)),
                    GatesSpent = true,
                };
                yield return facts with
                {
                    Set = Answer(new WritebackResult.Unknown(WritebackReason.AnswerLost, null)),
                    GatesSpent = true,
                };
                yield return facts with
                {
                    Set = Answer(new WritebackResult.Rejected(WritebackReason.InHistory, null)),
                };
                yield return facts with
                {
                    Set = Answer(new WritebackResult.NotAttempted(WritebackReason.Disabled, null)),
                };
                break;
            case ResetStage.Unknown:
                yield return facts with
                {
                    Set = Answer(new WritebackResult.Applied(false)),
                };
                yield return facts with
                {
                    Set = Answer(new WritebackResult.NotAttempted(WritebackReason.Expired, null)),
                };
                break;
            default:
                break;
        }

        yield return facts with
        {
            Alive = false,
        };
        if (facts.GatesPassed > 0)
        {
            foreach (var isAsked in new[] { true, false })
            {
                yield return facts with
                {
                    GatesPassed = 0,
                    GateAsked = isAsked,
                };
            }
        }
    }

    private static string NameOf(ResetFacts facts) => ResetFlow.StageOf(facts).GetType().Name;

    private static Asked.Answered Answer(WritebackResult result) => new Asked.Answered(result);

    [GeneratedRegex(@"^\s*(?<from>\w+) --> (?<to>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Arrow();
}
