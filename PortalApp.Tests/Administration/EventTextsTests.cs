using System.Globalization;
using System.Resources;
using Portal.Writeback;
using PortalApp.Audit;
using PortalApp.Writeback.Requests;

namespace PortalApp.Tests.Administration;

public sealed class EventTextsTests
{
    private static readonly ResourceManager Words = new(typeof(EventTexts));

    [Theory]
    [InlineData("en")]
    [InlineData("nl")]
    public void Every_way_in_which_a_request_ends_has_words(string language)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        var keys = Enum.GetNames<WritebackReason>()
            .Except([nameof(WritebackReason.None)])
            .Select(reason => $"Reason{reason}")
            .Concat(Enum.GetNames<RequestOutcome>().Select(outcome => $"Outcome{outcome}"));

        Assert.All(keys, key => Assert.False(string.IsNullOrEmpty(Words.GetString(key, culture)), key));
    }
}
