using Agent.Directory;

namespace PortalApp.Tests.Agents;

public sealed class DistinguishedNameTests
{
    [Theory]
    [InlineData("CN=\"Doe, Jane\",OU=x", "CN=Doe\\, Jane,OU=x")]
    [InlineData("CN=Doe\\2C Jane , OU=x", "CN=Doe\\, Jane,OU=x")]
    [InlineData("cn = \"a;b\" ; OU=x", "cn=a\\;b,OU=x")]
    [InlineData("CN=\"\\\"Great\\\" + 1=2\",OU=x", "CN=\\\"Great\\\" \\+ 1\\=2,OU=x")]
    [InlineData("CN=\" room \",OU=x", "CN=\\ room\\ ,OU=x")]
    [InlineData("CN=\\#1,OU=x", "CN=\\#1,OU=x")]
    [InlineData("CN=gone\\0ADEL:1,OU=x", "CN=gone\\0ADEL:1,OU=x")]
    [InlineData("CN=Ren\\C3\\A9e \U0001F600,OU=x", "CN=Renée \U0001F600,OU=x")]
    public void A_name_is_taken_as_it_may_be_written_and_given_in_one_form(string written, string form)
    {
        var name = DistinguishedName.TryParse(written);

        Assert.Equal(form, name?.Text);
        Assert.True(DistinguishedName.TryParse(form)!.IsOrLiesBelow(name!));
    }

    [Theory]
    [InlineData("CN=Doe, Jane,OU=x", 9)]
    [InlineData("CN=A+B,OU=x", 5)]
    [InlineData("CN=\"Doe, Jane,OU=x", 4)]
    [InlineData("CN=\"Doe\" Jane,OU=x", 10)]
    [InlineData("CN=Doe \"Jane\",OU=x", 8)]
    [InlineData("CN=CORP\\Jane,OU=x", 8)]
    [InlineData("CN=Jane\\", 8)]
    [InlineData("CN=#0401,OU=x", 4)]
    [InlineData("CN=,OU=x", 4)]
    [InlineData("CN=Jane,", 9)]
    [InlineData("", 1)]
    public void What_is_no_name_is_refused_with_its_place(string written, int position) =>
        Assert.Equal(position, Assert.IsType<DistinguishedNameReading.Wrong>(DistinguishedName.Read(written)).Position);
}
