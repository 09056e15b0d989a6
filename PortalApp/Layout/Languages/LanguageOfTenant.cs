namespace PortalApp.Layout.Languages;

/// <summary>A feature of requests whose tenant is known before anybody is signed in.</summary>
/// <param name="Name">Null where the tenant has none of its own.</param>
internal sealed record LanguageOfTenant(string? Name);
