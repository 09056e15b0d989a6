using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace PortalApp.Secrets;

/// <summary>Wraps the framework's data-protection keys by the master key before they reach the database.</summary>
internal sealed class DataProtectionWrap(MasterKey master) : IXmlEncryptor
{
    internal const string Purpose = "data-protection";

    /// <summary>The attribute with the number of the master key.</summary>
    internal const string KeyNumber = "key";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var wrapped = master.Wrap(Purpose, System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(
            new XElement("wrapped", new XAttribute(KeyNumber, master.Number), Convert.ToBase64String(wrapped)),
            typeof(DataProtectionUnwrap)
        );
    }
}

internal sealed class DataProtectionUnwrap(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement)
    {
        var master = services.GetRequiredService<MasterKey>();
        var plain = master.Unwrap(
            DataProtectionWrap.Purpose,
            (int)encryptedElement.Attribute(DataProtectionWrap.KeyNumber)!,
            Convert.FromBase64String(encryptedElement.Value)
        );
        return XElement.Parse(System.Text.Encoding.UTF8.GetString(plain));
    }
}
