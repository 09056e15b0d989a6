using Portal.Contacts;

namespace PortalApp.Tests.Contacts;

public sealed class ContactDataTests
{
    private static readonly PhoneNumber Office = PhoneNumber.TryParse("+31 201111111")!;
    private static readonly PhoneNumber Mobile = PhoneNumber.TryParse("+31 612222222")!;
    private static readonly PhoneNumber Registered = PhoneNumber.TryParse("+31 613333333")!;
    private static readonly EmailAddress First = EmailAddress.TryParse("first@a.example")!;
    private static readonly EmailAddress Second = EmailAddress.TryParse("second@a.example")!;
    private static readonly EmailAddress Own = EmailAddress.TryParse("own@a.example")!;

    [Fact]
    public void What_the_person_registered_wins_over_what_others_set()
    {
        var contacts = new ContactData(Office, Mobile, Registered, [First, Second], Own);

        Assert.Equal(Registered, contacts.Mobile);
        Assert.Equal(Own, contacts.AlternateEmail);
        Assert.Equal(Office, contacts.Office);
    }

    [Fact]
    public void Without_a_registration_the_administrators_first_value_counts()
    {
        var contacts = new ContactData(Office, Mobile, null, [First, Second], null);

        Assert.Equal(Mobile, contacts.Mobile);
        Assert.Equal(First, contacts.AlternateEmail);
    }

    [Fact]
    public void An_office_phone_is_never_taken_for_a_mobile_one()
    {
        var contacts = new ContactData(Office, null, null, [], null);

        Assert.Null(contacts.Mobile);
        Assert.Null(contacts.AlternateEmail);
    }

    [Fact]
    [Trait("Case", "H113")]
    public void A_notice_goes_to_every_address_once()
    {
        var again = EmailAddress.TryParse("FIRST@a.example")!;

        Assert.Equal([Own, First, Second], new ContactData(null, null, null, [First, Second, again], Own).AllEmail);
    }

    [Fact]
    [Trait("Case", "H113")]
    public void The_directorys_mail_is_told_and_never_takes_a_code()
    {
        var contacts = new ContactData(null, null, null, [], null, DirectoryMail: Second);

        Assert.Null(contacts.AlternateEmail);
        Assert.Equal([Second], contacts.AllEmail);
        Assert.Equal([First, Second], (contacts with { AlternateEmailAddresses = [First] }).AllEmail);
        Assert.Equal([Second], (contacts with { AlternateEmailAddresses = [Second] }).AllEmail);
    }
}
