using Portal.Contacts;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.Policy;
using PortalApp.Registration.Contacts;
using PortalApp.SignIn.Sessions;
using PortalApp.Users;
using PortalApp.Users.Groups;

namespace PortalApp.Registration;

/// <summary>What somebody is verified by, as their own page shows it.</summary>
/// <param name="Held">Whatever the policy asks.</param>
/// <param name="Waiting">Proved, and not counting yet.</param>
/// <param name="Answers">How many, and since when; null for none.</param>
internal sealed record SecurityState(
    User User,
    ContactData Contacts,
    GateProfile Held,
    AppliedTerms Policy,
    ResetEligibility Reset,
    IReadOnlyList<ContactChange> Waiting,
    (int Count, DateTimeOffset SetAt)? Answers
)
{
    /// <summary>Of those that a reset takes.</summary>
    public GateProfile Counting => Held.Among(Policy.Methods);

    public ContactChange? WaitingOf(ContactField field) => Waiting.FirstOrDefault(w => w.Field == field);

    /// <summary>Registered by the person, not only told by others.</summary>
    public ContactValue? Registered(ContactField field) => User.Contacts.FirstOrDefault(c => c.Field == field);
}

internal sealed class SecurityStates(
    UserStore users,
    PolicyStore policies,
    Memberships memberships,
    GateProfiles profiles,
    ContactChanges changes,
    AnswerStore answers
)
{
    public async Task<SecurityState> OfAsync(SignedIn who, CancellationToken cancellation)
    {
        var user = (await users.FindAsync(who.Tenant.Id, who.User.Id, cancellation))!;
        var contacts = user.ToContactData();
        var groups = await memberships.OfAsync(user.Tenant, user.Id, cancellation);
        var policy = (await policies.HoldingAsync(user.Tenant, cancellation)).List.For(groups);
        var held = await profiles.OfAsync(GatePerson.Of(user.Tenant, user.Id, user), cancellation);
        return new(
            user,
            contacts,
            held,
            policy,
            ResetEligibility.Of(user, held.Among(policy.Methods), policy),
            await changes.WaitingAsync(user.Id, cancellation),
            await answers.StandingAsync(user.Tenant, user.Id, cancellation)
        );
    }

    /// <summary>Whether enough for a reset is left where this is taken away; what a reset does not take may always go.</summary>
    public async Task<bool> MayRemoveAsync(SecurityState state, GateMethod method, CancellationToken cancellation)
    {
        var contacts = method switch
        {
            GateMethod.AlternateEmail => state.Contacts with { AuthenticationEmail = null },
            GateMethod.MobilePhoneText => state.Contacts with { AuthenticationPhone = null },
            _ => state.Contacts,
        };
        var all = await profiles.OfAsync(
            GatePerson.Of(state.User.Tenant, state.User.Id, state.User) with
            {
                Contacts = contacts,
            },
            cancellation
        );
        GateMethod[] left =
        [
            .. all.Among(state.Policy.Methods)
                .Methods.Where(m => m != method || method is GateMethod.AlternateEmail or GateMethod.MobilePhoneText),
        ];
        return left.Different() >= state.Policy.Gates || left.Length == state.Counting.Held.Count;
    }
}
