namespace PortalApp.Layout;

/// <summary>On an endpoint whose pages have a policy of content of their own; what others have stands in <see cref="SecurityHeaders"/>.</summary>
internal sealed record PageContentPolicy(string Value);

/// <summary>On an endpoint that says itself why somebody may not see it; null where it has nothing to say to them.</summary>
internal sealed record ForbiddenPage(Func<HttpContext, IResult?> Of);

/// <summary>On an endpoint that takes a page's form without an antiforgery value: nobody gains by sending it in somebody else's name.</summary>
internal sealed record OpenForm;
