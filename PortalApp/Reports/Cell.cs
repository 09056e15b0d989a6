using System.Globalization;
using PortalApp.Audit;

namespace PortalApp.Reports;

/// <summary>One value of a report's row: the page says it in words, the file by the name that the code has for it. Closed: the cases below.</summary>
internal abstract record Cell
{
    private Cell() { }

    /// <summary>For a file that other programs read.</summary>
    public abstract string Raw { get; }

    public sealed record Text(string? Value) : Cell
    {
        public override string Raw => Value ?? "";
    }

    public sealed record Number(long Value) : Cell
    {
        public override string Raw => Value.ToString(CultureInfo.InvariantCulture);
    }

    public sealed record Share(long Part, long All) : Cell
    {
        public override string Raw => All == 0 ? "" : ((double)Part / All).ToString("0.####", CultureInfo.InvariantCulture);
    }

    /// <summary>A sentence of the reports.</summary>
    public sealed record Said(string Key) : Cell
    {
        public override string Raw => Key;
    }

    /// <summary>How somebody is limited.</summary>
    /// <param name="HasRole">Then the helpdesk lifts nothing.</param>
    public sealed record Limited(string Key, string Id, string Name, bool HasRole) : Cell
    {
        public override string Raw => Key;
    }

    /// <summary>How something ended: what both have no word for stands as the code calls it.</summary>
    public sealed record Ended(string? Outcome, string? Reason) : Cell
    {
        public override string Raw => Reason is null or nameof(Portal.Writeback.WritebackReason.None) ? Outcome ?? "" : Reason;
    }

    /// <summary>What the helpdesk did.</summary>
    public sealed record Acted(string? Action) : Cell
    {
        public override string Raw => Action ?? "";
    }

    public sealed record Happened(AuditEventId Event) : Cell
    {
        public override string Raw => $"{Event}";
    }

    public sealed record Methods(IReadOnlyList<Gates.GateMethod> All) : Cell
    {
        public override string Raw => string.Join(' ', All);
    }

    public sealed record Fields(IReadOnlyList<Portal.Contacts.ContactField> All) : Cell
    {
        public override string Raw => string.Join(' ', All);
    }

    /// <param name="Id">Null for somebody whom the tenant does not have.</param>
    public sealed record Person(string? Id, string? Name) : Cell
    {
        public override string Raw => Name ?? "";
    }

    public sealed record At(DateTimeOffset? Value) : Cell
    {
        public override string Raw => Value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "";
    }

    public sealed record Trace(string? Value) : Cell
    {
        public override string Raw => Value ?? "";
    }

    public sealed record Took(TimeSpan? Value) : Cell
    {
        public override string Raw => Value?.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture) ?? "";
    }

    public sealed record Money(decimal? Value, string Currency) : Cell
    {
        public override string Raw => Value?.ToString("0.00", CultureInfo.InvariantCulture) ?? "";
    }
}
