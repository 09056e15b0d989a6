using System.Text;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace PortalApp.Secrets;

/// <summary>Wraps the framework's data-protection keys by the master key before they reach the database.</summary>
internal sealed class DataProtectionWrap(MasterKey master) : IXmlEncryptor
{
    private const string Purpose = "data-protection";

    /// <summary>The attribute with the number of the master key.</summary>
    internal const string KeyNumber = "key";

    internal const string Element = "wrapped";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(Wrap(master, Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting))), typeof(DataProtectionUnwrap));

    internal static XElement Wrap(MasterKey master, byte[] plain)
    {
        var (bytes, number) = master.Wrap(Purpose, plain);
        return new(Element, new XAttribute(KeyNumber, number), Convert.ToBase64String(bytes));
    }

    internal static byte[] Unwrap(MasterKey master, XElement wrapped) =>
        master.Unwrap(Purpose, (int)wrapped.Attribute(KeyNumber)!, Convert.FromBase64String(wrapped.Value));
}

internal sealed class DataProtectionUnwrap(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(Encoding.UTF8.GetString(DataProtectionWrap.Unwrap(services.GetRequiredService<MasterKey>(), encryptedElement)));
}
