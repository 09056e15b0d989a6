using FluentValidation;

namespace PortalApp.Data;

/// <summary>What the operator must say of this portal.</summary>
internal sealed class PortalOptions
{
    public const string Section = "Portal";

    /// <summary>The address people use: https, no path, no trailing slash. Links and tokens carry it, whatever a request claims (H47).</summary>
    public string Origin { get; set; } = "";

    /// <summary>Absolute folder of the database.</summary>
    public string DataDirectory { get; set; } = "";

    /// <summary>Absolute; unless told, systemd's credential <c>portal-master-key</c>, else <c>keys/master.key</c> in the data directory.</summary>
    public string? MasterKeyFile { get; set; }

    public string ResolvedMasterKeyFile =>
        !string.IsNullOrEmpty(MasterKeyFile)
            ? MasterKeyFile
            : SystemdCredentials.Find("portal-master-key") ?? Path.Combine(DataDirectory, "keys", "master.key");

    public string DatabaseFile => Path.Combine(DataDirectory, "portal.db");
}

internal sealed class PortalOptionsValidator : AbstractValidator<PortalOptions>
{
    public PortalOptionsValidator()
    {
        RuleFor(p => p.Origin)
            .Cascade(CascadeMode.Stop)
            .Must(origin => OriginOf(origin) is not null)
            .WithMessage("Portal:Origin: write the https address that people use, such as https://portal.example.com.")
            .Must(origin => origin == OriginOf(origin))
            .WithMessage(p => $"Portal:Origin: write it without a path or a trailing slash: {OriginOf(p.Origin)}.");
        RuleFor(p => p.DataDirectory)
            .Must(Path.IsPathFullyQualified)
            .WithMessage("Portal:DataDirectory: write the absolute path of the folder for the database.");
        RuleFor(p => p.MasterKeyFile)
            .Must(path => Path.IsPathFullyQualified(path!))
            .Unless(p => string.IsNullOrEmpty(p.MasterKeyFile))
            .WithMessage("Portal:MasterKeyFile: write an absolute path.");
    }

    /// <summary>Scheme, host and port; null where it is no https address.</summary>
    private static string? OriginOf(string typed) =>
        Uri.TryCreate(typed, UriKind.Absolute, out var address) && address.Scheme == Uri.UriSchemeHttps
            ? address.GetLeftPart(UriPartial.Authority)
            : null;
}
