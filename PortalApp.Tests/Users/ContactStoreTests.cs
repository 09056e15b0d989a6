using Portal.Contacts;
using PortalApp.Audit;
using PortalApp.Users;

namespace PortalApp.Tests.Users;

public sealed class ContactStoreTests
{
    private const string Number = "+31 612345678";
    private const string Another = "+31 687654321";
    private static readonly DateTimeOffset Then = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly User user = new()
    {
        Id = "anchor-1",
        Tenant = new(1),
        UserPrincipalName = "anna@corp.test",
    };

    [Theory]
    [InlineData(ContactField.PhoneNumber, "Sync Administrator Api")]
    [InlineData(ContactField.MobilePhone, "Sync Administrator Api")]
    [InlineData(ContactField.AlternateEmailAddresses, "Administrator Api")]
    [InlineData(ContactField.AuthenticationPhone, "Registration")]
    [InlineData(ContactField.AuthenticationEmail, "Registration")]
    [InlineData(ContactField.DirectoryMail, "Sync")]
    public void Each_value_is_for_its_own_to_set(ContactField field, string whose)
    {
        var isPhone = field is ContactField.PhoneNumber or ContactField.MobilePhone or ContactField.AuthenticationPhone;
        var value = isPhone ? Number : "anna@a.example";

        var allowed = Enum.GetValues<ContactSource>().Where(source => Write(field, source, value) is null);

        Assert.Equal(whose.Split(' '), allowed.Select(source => source.ToString()));
    }

    [Fact]
    public void A_number_that_an_administrator_set_stands_until_the_directory_has_one()
    {
        Write(ContactField.MobilePhone, ContactSource.Administrator, Number);
        Write(ContactField.MobilePhone, ContactSource.Sync);
        Assert.Equal((Number, ContactSource.Administrator), Held());

        Write(ContactField.MobilePhone, ContactSource.Sync, Another);
        Assert.Equal((Another, ContactSource.Sync), Held());

        Write(ContactField.MobilePhone, ContactSource.Sync);
        Assert.Empty(user.Contacts);
    }

    [Fact]
    public void What_the_directory_says_again_changes_nothing()
    {
        Write(ContactField.MobilePhone, ContactSource.Sync, Number);
        var before = user.Revision;

        Write(ContactField.MobilePhone, ContactSource.Sync, Number);
        Write(ContactField.PhoneNumber, ContactSource.Sync);

        Assert.Equal(before, user.Revision);
    }

    [Fact]
    public void Alternate_addresses_keep_their_order_without_doubles()
    {
        Write(ContactField.AlternateEmailAddresses, ContactSource.Administrator, "one@a.example", "two@a.example", "three@a.example");
        Write(ContactField.AlternateEmailAddresses, ContactSource.Administrator, "two@a.example", "one@a.example", "TWO@A.example", "");

        Assert.Equal(["two@a.example", "one@a.example"], user.ToContactData().AlternateEmailAddresses.Select(e => e.Value));
    }

    [Theory]
    [InlineData(ContactField.MobilePhone, "0612345678")]
    [InlineData(ContactField.AlternateEmailAddresses, "nobody")]
    public void A_value_of_the_wrong_form_is_told_by_its_field_and_leaves_what_is_held(ContactField field, string typed)
    {
        var held = field == ContactField.MobilePhone ? Number : "anna@a.example";
        Write(field, ContactSource.Administrator, held);

        var wrong = Write(field, ContactSource.Administrator, typed);

        Assert.Equal(field.ToString(), wrong?.Field);
        Assert.Contains(typed, wrong?.Sentence, StringComparison.Ordinal);
        Assert.Equal(held, Assert.Single(user.Contacts).Value);
    }

    private (string Value, ContactSource Source) Held()
    {
        var held = Assert.Single(user.Contacts);
        return (held.Value, held.Source);
    }

    private PortalApp.Data.FieldError? Write(ContactField field, ContactSource source, params string[] typed) =>
        ContactStore.Write(user, field, typed, source, Actor.Portal, Then);
}
