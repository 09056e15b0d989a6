using System.Globalization;
using System.Text;

namespace Portal.Tenants.Names;

/// <summary>What came of reading a typed text as a name. Closed: the three cases below.</summary>
public abstract record NameReading<T>
{
    private NameReading() { }

    /// <summary>Null where it is no name.</summary>
    public T? Value => this is Read read ? read.Name : default;

    /// <param name="Name">In the one form in which such names are compared.</param>
    public sealed record Read(T Name) : NameReading<T>;

    /// <summary>A name cannot hold this: an invisible mark, a space, a sign, a look-alike for compatibility's sake.</summary>
    public sealed record Forbidden(Rune Sign) : NameReading<T>
    {
        /// <summary>As a person can look it up and a terminal can show it, such as <c>U+200B</c>.</summary>
        public string CodePoint => string.Create(CultureInfo.InvariantCulture, $"U+{Sign.Value:X4}");
    }

    public sealed record NotOne : NameReading<T>;

    /// <summary>The same refusal of something larger.</summary>
    public NameReading<TWhole> Refused<TWhole>() =>
        this is Forbidden(var sign) ? new NameReading<TWhole>.Forbidden(sign) : new NameReading<TWhole>.NotOne();
}
