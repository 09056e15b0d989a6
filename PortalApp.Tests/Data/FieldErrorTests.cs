using System.CommandLine;
using System.Globalization;
using PortalApp.Audit;
using PortalApp.Data;
using PortalApp.Layout.Languages;
using PortalApp.Operator;
using PortalApp.Tests.Conventions;

namespace PortalApp.Tests.Data;

/// <summary>What stores say of bad input, in the language of whoever reads it.</summary>
public sealed class FieldErrorTests
{
    [Fact]
    public void Each_fault_has_words_in_each_language_and_is_told_by_somebody()
    {
        var sources = string.Join(
            '\n',
            SourceFiles.With(".cs").Where(file => !file.EndsWith("Fault.cs", StringComparison.Ordinal)).Select(File.ReadAllText)
        );
        object[] arguments = ["one", "two", "three"];

        Assert.All(
            Enum.GetValues<Fault>(),
            fault =>
            {
                Assert.All(
                    ShippedLanguages.All,
                    language => Assert.NotEmpty(new FieldError("", fault, arguments).In(CultureInfo.GetCultureInfo(language.Name)))
                );
                Assert.Contains($"Fault.{fault}", sources, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void A_page_reads_them_in_its_language_and_a_command_in_english()
    {
        var before = CultureInfo.CurrentUICulture;
        var late = new FieldError("", Fault.MetadataLate);
        var error = new FieldError("Issuer", Fault.MetadataUnusable, "https://adfs.example", late) { Within = "corp.test" };
        try
        {
            CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("nl-NL");

            Assert.Equal("corp.test: https://adfs.example is niet te gebruiken: er komt niet op tijd een antwoord.", error.Sentence);
            Assert.Equal(
                "--issuer: corp.test: https://adfs.example cannot be used: it does not answer in time.",
                CommandRefusal.Of(new ChangeOutcome<string>.Wrong([error]))!.Sentence(new Command("set") { new Option<string>("--issuer") })
            );
        }
        finally
        {
            CultureInfo.CurrentUICulture = before;
        }
    }
}
