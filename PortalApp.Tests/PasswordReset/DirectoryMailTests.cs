using Portal.Writeback;
using PortalApp.PasswordReset;

namespace PortalApp.Tests.PasswordReset;

/// <summary>The directory's <c>mail</c> is an address for notices alone.</summary>
[Trait("Case", "H113")]
public sealed class DirectoryMailTests
{
    private const string Alternate = "anna@flow.example";
    private const string OfDirectory = "anna@mail.corp.test";

    [Fact]
    public async Task Whoever_has_only_the_directorys_mail_has_too_few_methods_and_gets_no_code()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", mail: null, directoryMail: OfDirectory);
        using var anna = portal.NewPerson();

        var refused = await anna.BeginAsync("anna@corp.test");

        Assert.Contains(Refusal.Text(RefusalCode.TooFewMethods), refused.Text, StringComparison.Ordinal);
        Assert.Empty(await portal.MailsToAsync(OfDirectory));
    }

    [Fact]
    public async Task A_finished_reset_is_told_to_both_addresses_and_its_code_to_one()
    {
        await using var portal = await ResetPortal.StartAsync();
        await portal.AddUserAsync("anna", Alternate, directoryMail: OfDirectory);
        using var anna = portal.NewPerson();

        await portal.ReachPasswordAsync(anna, "anna@corp.test", Alternate);
        await anna.FinishAsync();
        await portal.AnswerAsync(RequestKind.Reset, new WritebackResult.Applied(false));

        var notice = Assert.Single(await portal.MailsToAsync(OfDirectory)).Text;
        Assert.Contains("was reset on", notice, StringComparison.Ordinal);
        var toAlternate = await portal.MailsToAsync(Alternate);
        Assert.Equal(2, toAlternate.Count);
        Assert.Contains(toAlternate, mail => mail.Text == notice);
    }
}
