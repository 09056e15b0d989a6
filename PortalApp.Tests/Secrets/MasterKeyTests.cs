using System.Security.Cryptography;
using PortalApp.Data;
using PortalApp.Secrets;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Secrets;

public sealed class MasterKeyTests
{
    private readonly string folder = Repository.NewFolder("master-key");

    private string KeyFile => Path.Combine(folder, "keys", "master.key");

    [Fact]
    public void A_new_key_is_its_owners_alone()
    {
        MasterKey.OpenOrCreate(KeyFile).Dispose();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyFile));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.GetDirectoryName(KeyFile)!)
        );
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(KeyFile)!));
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_key_that_others_may_read_or_write_is_refused_with_the_command_that_mends_it(UnixFileMode others)
    {
        MasterKey.OpenOrCreate(KeyFile).Dispose();
        File.SetUnixFileMode(KeyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);

        var refused = Assert.Throws<StartupException>(() => MasterKey.OpenOrCreate(KeyFile));

        Assert.StartsWith("Portal:MasterKeyFile", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {KeyFile}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_which_others_could_put_a_key_of_theirs_is_refused()
    {
        MasterKey.OpenOrCreate(KeyFile).Dispose();
        File.SetUnixFileMode(Path.GetDirectoryName(KeyFile)!, (UnixFileMode)0b111_111_111);

        Assert.Throws<StartupException>(() => MasterKey.OpenOrCreate(KeyFile));
    }

    [Fact]
    public void A_lost_key_is_not_replaced_beside_a_database_that_needs_it()
    {
        Assert.Throws<StartupException>(() => MasterKey.OpenOrCreate(KeyFile, mayCreate: () => false));

        Assert.False(File.Exists(KeyFile));
    }

    [Fact]
    public async Task Many_who_start_at_once_get_the_same_key()
    {
        var keys = await Task.WhenAll(
            Enumerable.Range(0, 16).Select(_ => Task.Run(() => MasterKey.OpenOrCreate(KeyFile), TestContext.Current.CancellationToken))
        );
        var wrapped = keys[0].Wrap("x", "text"u8);

        Assert.All(keys, key => Assert.Equal("text"u8.ToArray(), key.Unwrap("x", 1, wrapped.Bytes)));
    }

    [Fact]
    public void A_cut_file_is_refused()
    {
        MasterKey.OpenOrCreate(KeyFile).Dispose();
        File.WriteAllBytes(KeyFile, new byte[31]);

        Assert.Contains(
            "31 bytes",
            Assert.Throws<StartupException>(() => MasterKey.OpenOrCreate(KeyFile)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void What_was_wrapped_for_one_purpose_opens_for_no_other_and_not_when_changed()
    {
        using var key = new MasterKey(RandomNumberGenerator.GetBytes(32));
        using var other = new MasterKey(RandomNumberGenerator.GetBytes(32));
        var wrapped = key.Wrap("mail", "secret"u8).Bytes;
        var changed = wrapped.ToArray();
        changed[^1] ^= 1;

        Assert.Equal("secret"u8.ToArray(), key.Unwrap("mail", 1, wrapped));
        Assert.NotEqual(wrapped, key.Wrap("mail", "secret"u8).Bytes);
        Assert.ThrowsAny<CryptographicException>(() => key.Unwrap("tenant-key:1:1", 1, wrapped));
        Assert.ThrowsAny<CryptographicException>(() => key.Unwrap("mail", 1, changed));
        Assert.ThrowsAny<CryptographicException>(() => key.Unwrap("mail", 1, wrapped.AsSpan(0, 20)));
        Assert.ThrowsAny<CryptographicException>(() => other.Unwrap("mail", 1, wrapped));
        Assert.Contains(
            "Master key 2 is needed",
            Assert.ThrowsAny<CryptographicException>(() => key.Unwrap("mail", 2, wrapped)).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_key_that_comes_beside_the_first_wraps_from_that_moment_and_the_first_still_opens()
    {
        using var key = MasterKey.OpenOrCreate(KeyFile);
        using var elsewhere = MasterKey.OpenOrCreate(KeyFile);
        var before = key.Wrap("x", "text"u8);

        Assert.Equal(2, elsewhere.AddNext());

        var after = key.Wrap("x", "text"u8);
        Assert.Equal((1, 2), (before.KeyNumber, after.KeyNumber));
        Assert.Equal("text"u8.ToArray(), elsewhere.Unwrap("x", 1, before.Bytes));
        Assert.Equal("text"u8.ToArray(), elsewhere.Unwrap("x", 2, after.Bytes));
    }

    [Fact]
    public void Without_the_first_file_the_later_key_is_found_and_no_new_one_is_made()
    {
        using (var key = MasterKey.OpenOrCreate(KeyFile))
        {
            key.AddNext();
            key.DeleteOld();
        }

        using var again = MasterKey.OpenOrCreate(KeyFile);

        Assert.Equal([2], again.Numbers);
        Assert.Contains(
            "Master key 1 is needed, and there is 2 alone",
            Assert.ThrowsAny<CryptographicException>(() => again.Unwrap("x", 1, new byte[40])).Message,
            StringComparison.Ordinal
        );
    }
}
