using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Localization;
using Portal.Contacts;
using PortalApp.Gates;
using PortalApp.Gates.Codes;
using PortalApp.Layout;
using PortalApp.Notifications;
using PortalApp.Registration.Contacts;
using PortalApp.Registration.Proofs;
using PortalApp.SignIn.Sessions;

namespace PortalApp.Registration.Pages;

/// <summary>A page on which somebody types a phone or an address, proves it by a code and keeps it; or confirms one that others told of them.</summary>
[SuppressMessage("Maintainability", "CA1515", Justification = "Pages are public, and so is what they are made of.")]
public abstract class ContactPage : ComponentBase
{
    [CascadingParameter]
    private protected HttpContext Http { get; set; } = default!;

    [Inject]
    private protected IStringLocalizer<RegistrationTexts> Texts { get; set; } = default!;

    [Inject]
    private protected ContactChanges Changes { get; set; } = default!;

    [Inject]
    private HolderProofs Proofs { get; set; } = default!;

    [Inject]
    private SecurityStates States { get; set; } = default!;

    [Inject]
    private CodeSentences Sentences { get; set; } = default!;

    /// <summary>What others told of the person is to become their own.</summary>
    [SupplyParameterFromQuery(Name = "confirm")]
    private protected string? Confirm { get; set; }

    /// <summary>What came of the code that was sent last, by the name of the refusal.</summary>
    [SupplyParameterFromQuery(Name = "refused")]
    private protected string? Refused { get; set; }

    private protected SignedIn Me { get; private set; } = default!;
    private protected SecurityState? State { get; private set; }
    private protected ContactChange? Begun { get; private set; }
    private protected CodeStanding? Standing { get; private set; }
    private protected GateProblem? Problem { get; set; }

    /// <summary>As it stands in the field.</summary>
    private protected string? Typed { get; set; }

    /// <summary>What counts now.</summary>
    private protected string? Held => ContactChanges.Held(State!.Contacts, Field);

    /// <summary>What was typed is doubted, and sent to all the same where it is sent once more.</summary>
    private protected bool IsDoubted { get; private set; }

    private protected bool IsToConfirm => Confirm is not null && Held is not null && Problem is null;

    private protected string? AtField => Problem?.Field is null ? null : Problem.Advice;

    private protected abstract ContactField Field { get; }

    /// <summary>Such as <c>Email</c>.</summary>
    private protected abstract string Name { get; }
    private protected abstract string Path { get; }

    /// <summary>Of the field in which it is typed.</summary>
    private protected abstract string Entry { get; }

    /// <summary>Its gates.</summary>
    private protected abstract IReadOnlyCollection<GateMethod> Methods { get; }

    /// <summary>How a code goes to what is held.</summary>
    private protected abstract MessageChannel ChannelOf(string value);

    /// <summary>Reads the form, and begins or says what is wrong.</summary>
    private protected abstract Task TakeAsync();

    private protected string Heading =>
        Texts[
            Begun is not null ? "WeSentCode"
            : IsToConfirm ? $"Confirm{Name}Heading"
            : Held is null ? $"Add{Name}"
            : $"Change{Name}"
        ];

    protected override async Task OnInitializedAsync()
    {
        Me = Http.Features.GetRequiredFeature<SignedIn>();
        State = await States.OfAsync(Me, Http.RequestAborted);
        Begun = await Changes.BegunAsync(Me, Field, Http.RequestAborted);
        if (Begun is not null)
        {
            Standing = await Changes.StandingAsync(Begun, Http.CallerOfPerson(), Http.RequestAborted);
            Problem = CodeRefusal.Recall(Refused, Standing) is { } why ? ProblemOf(why) : null;
        }
    }

    private protected Task GoOnAsync() =>
        (Http.Request.Form["do"].ToString(), Begun) switch
        {
            ("verify", { } change) => VerifyAsync(change),
            ("again", { } change) => SendAsync(change),
            ("cancel", _) => CancelAsync(),
            ("confirm", null) when Held is { } held => ConfirmAsync(held),
            ("send" or "call", null) => TakeAsync(),
            _ => LookAgainAsync(),
        };

    /// <summary>Asks back, once for what stands in the field.</summary>
    /// <returns>Whether it was so already.</returns>
    private protected bool IsSure(string heading, string advice)
    {
        if (Http.Request.Form["sure"] == Typed)
        {
            return true;
        }

        (IsDoubted, Problem) = (true, new(heading, advice, Entry));
        return false;
    }

    private protected async Task BeginAsync(string value, MessageChannel by) =>
        await SendAsync(await Changes.BeginAsync(Me, Field, value, by, CancellationToken.None));

    private GateProblem ProblemOf(CodeRefusal why)
    {
        var (heading, advice, atField) = Sentences.Of(why, Me.Tenant.HelpdeskPhone);
        return new(heading, advice, atField is null || Standing?.Newest is not { TriesLeft: > 0 } ? null : CodeGate.Field);
    }

    private async Task ConfirmAsync(string held)
    {
        var proof = Http.Features.GetRequiredFeature<ProofStanding.Proved>().With;
        foreach (var method in Methods)
        {
            if (await Proofs.IsOfAsync(Me, proof, method, CancellationToken.None))
            {
                await Changes.KeepAsync(Me, Field, held, CancellationToken.None);
                Done();
                return;
            }
        }

        await BeginAsync(held, ChannelOf(held));
    }

    private async Task SendAsync(ContactChange change)
    {
        switch (await Changes.SendAsync(Me, change, Http.CallerOfPerson(), CancellationToken.None))
        {
            case GateBeginning.Refused { Why: CodeRefusal.NotServed }:
                await Changes.CancelAsync(Me, Field, CancellationToken.None);
                (Begun, Typed) = (null, Typed ?? change.Value);
                Problem = new(Texts["NotServedHeading"], Texts["NotServedAdvice", Me.Tenant.Name], Entry);
                break;
            case GateBeginning.Refused { Why: var why }:
                Http.Response.Redirect($"{Path}?refused={why.Name}");
                break;
            default:
                Http.Response.Redirect(Path);
                break;
        }
    }

    private async Task VerifyAsync(ContactChange change)
    {
        var typed = Http.Request.Form[CodeGate.Field].ToString();
        if (await Changes.ProveAsync(Me, change, typed, Http.CallerOfPerson(), CancellationToken.None) is { } why)
        {
            Http.Response.Redirect($"{Path}?refused={why.Name}");
            return;
        }

        Done();
    }

    private void Done() => Http.Response.Redirect($"{RegistrationPaths.Begin}?done={Name}");

    private async Task CancelAsync()
    {
        await Changes.CancelAsync(Me, Field, CancellationToken.None);
        Http.Response.Redirect(RegistrationPaths.Begin);
    }

    private Task LookAgainAsync()
    {
        Http.Response.Redirect($"{Path}?{PersonPage.Moved}=1");
        return Task.CompletedTask;
    }
}
