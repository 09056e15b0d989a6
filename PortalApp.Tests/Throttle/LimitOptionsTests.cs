using System.Reflection;
using System.Text.RegularExpressions;
using PortalApp.Tests.Fixtures;
using PortalApp.Throttle;

namespace PortalApp.Tests.Throttle;

/// <summary>What an operator may set of the limits.</summary>
public sealed partial class LimitOptionsTests
{
    private static readonly LimitOptionsValidator Validator = new();

    private static readonly PropertyInfo[] Options = typeof(LimitOptions).GetProperties();

    [Fact]
    public void Unless_told_the_limits_are_the_standard_ones() => Assert.Equal(Limits.Standard, new LimitOptions().ToLimits());

    [Fact]
    public void Each_can_be_set_changes_the_limits_and_is_refused_by_its_key_outside_its_bounds()
    {
        Assert.Equal(Options.Select(o => o.Name).Order(), Validator.Bounds.Keys.Order());
        foreach (var option in Options)
        {
            var (least, most) = Validator.Bounds[option.Name];
            foreach (var inside in new[] { least, most })
            {
                Assert.Empty(Validator.Validate(With(option, inside)).Errors);
            }

            Assert.NotEqual(With(option, least).ToLimits(), With(option, most).ToLimits());
            foreach (var outside in new[] { least - 1, most + 1 })
            {
                var wrong = Assert.Single(Validator.Validate(With(option, outside)).Errors);
                Assert.StartsWith($"Limits:{option.Name}: {outside} is not", wrong.ErrorMessage, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void The_document_lists_each_with_what_it_is_at_first_and_its_bounds()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "limits.md"));

        Assert.Equal(
            Options.Select(o =>
                $"{o.Name} {o.GetValue(new LimitOptions())} {Validator.Bounds[o.Name].Least} {Validator.Bounds[o.Name].Most}"
            ),
            Row().Matches(text).Select(m => string.Join(' ', m.Groups.Values.Skip(1).Select(g => g.Value)))
        );
    }

    private static LimitOptions With(PropertyInfo option, int value)
    {
        var options = new LimitOptions();
        option.SetValue(options, value);
        return options;
    }

    [GeneratedRegex(@"^\| `(\w+)` \| (\d+) \| (\d+) \| (\d+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
