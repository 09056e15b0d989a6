namespace PortalApp.Registration;

/// <summary>What is set of a tenant's <see cref="RegistrationTerms"/>; null leaves it.</summary>
internal sealed record RegistrationChange(int? WaitHours, bool? AsksAtSignIn, int? MayPutOff, int? AskAgainDays)
{
    /// <summary>Of a fault; a command finds its flag by it.</summary>
    public const string Wait = "RegistrationWait";
    public const string Later = "RegistrationLater";
    public const string Again = "RegistrationAgain";

    public bool IsNothing => this == new RegistrationChange(null, null, null, null);

    public void On(RegistrationTerms terms)
    {
        terms.WaitHours = WaitHours ?? terms.WaitHours;
        terms.AsksAtSignIn = AsksAtSignIn ?? terms.AsksAtSignIn;
        terms.MayPutOff = MayPutOff ?? terms.MayPutOff;
        terms.AskAgainDays = AskAgainDays ?? terms.AskAgainDays;
    }
}
