namespace PortalApp.Gates.Codes;

/// <summary>What the page says of a code on its way, where one way of delivery differs from another.</summary>
/// <param name="Went">Where it went ({0}) and until when it works ({1}).</param>
/// <param name="WentAgain">The same of a code that was asked for anew.</param>
/// <param name="NothingYet">What to do when nothing comes, such as looking in the spam folder.</param>
/// <param name="Again">On the button that asks for another.</param>
internal sealed record CodeWords(string Heading, string Went, string WentAgain, string NothingYet, string Again);
