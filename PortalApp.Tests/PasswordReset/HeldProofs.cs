using Microsoft.EntityFrameworkCore;
using PortalApp.Gates;
using PortalApp.Gates.Questions;
using PortalApp.Tests.Fixtures;
using PortalApp.Tests.Gates;

namespace PortalApp.Tests.PasswordReset;

/// <summary>All that one person proves with, by every method, and the form of each gate filled in.</summary>
internal sealed class HeldProofs : IDisposable
{
    private readonly byte[] app;
    private readonly Stack<string> recoveryCodes;
    private readonly SoftPasskey passkey;
    private readonly IReadOnlyDictionary<long, string> answers;
    private readonly IReadOnlyDictionary<GateMethod, (string Channel, string To)> reached;

    private HeldProofs(
        ResetPortal portal,
        byte[] app,
        IEnumerable<string> recoveryCodes,
        SoftPasskey passkey,
        IReadOnlyDictionary<long, string> answers,
        IReadOnlyDictionary<GateMethod, (string Channel, string To)> reached
    )
    {
        (Portal, this.app, this.passkey) = (portal, app, passkey);
        (this.recoveryCodes, this.answers, this.reached) = (new(recoveryCodes), answers, reached);
    }

    /// <summary>Adds <c>name@corp.test</c>, who has everything.</summary>
    /// <param name="number">Two digits, which tell their phones from others'.</param>
    public static async Task<HeldProofs> OfNewAsync(ResetPortal portal, string name, int number)
    {
        var (mail, mobile, office) = ($"{name}@walk.example", $"+31 6123456{number}", $"+31 2012345{number}");
        var user = await portal.AddUserAsync(name, mail, mobile: mobile, office: office);
        return new(
            portal,
            await portal.SetUpAppAsync(user),
            await portal.MakeRecoveryCodesAsync(user),
            await portal.AddPasskeyAsync(user),
            await portal.RegisterAnswersAsync(user),
            new Dictionary<GateMethod, (string, string)>
            {
                [GateMethod.AlternateEmail] = ("email", mail),
                [GateMethod.MobilePhoneText] = ("sms", mobile),
                [GateMethod.MobilePhoneCall] = ("call", mobile),
                [GateMethod.OfficePhoneCall] = ("call", office),
            }
        );
    }

    /// <summary>All codes that were sent and looked at.</summary>
    public HashSet<string> Seen { get; } = [];

    /// <summary>Another once it was started anew.</summary>
    public ResetPortal Portal { get; set; }

    public void Dispose() => passkey.Dispose();

    /// <summary>Null where there is nothing to answer with: none was sent, none is left, or the page asks for something else.</summary>
    /// <param name="flow">Its number; null for a browser without one.</param>
    public async Task<(string, string)[]?> RightAsync(Person person, GateMethod method, long? flow) =>
        method switch
        {
            GateMethod.SecurityQuestions => await AnswersAsync(flow),
            GateMethod.AuthenticatorApp => [("code", NextAppCode())],
            GateMethod.Passkey when await person.AskedOfPasskeyAsync() is { Length: > 0 } asked => [("credential", passkey.Answer(asked))],
            GateMethod.Passkey => null,
            GateMethod.RecoveryCode => recoveryCodes.TryPop(out var code) ? [("code", code)] : null,
            _ when await CodesAsync(method) is [.., var newest] => [("code", newest)],
            _ => null,
        };

    /// <summary>All that were sent, the oldest first.</summary>
    public async Task<IReadOnlyList<string>> CodesAsync(GateMethod method)
    {
        if (!reached.TryGetValue(method, out var way))
        {
            return [];
        }

        var mails = await Portal.MailsToAsync(way.To);
        string[] codes = [.. mails.Where(m => m.Channel == way.Channel).SelectMany(m => SentCodes.In(m.Text))];
        Seen.UnionWith(codes);
        return codes;
    }

    /// <summary>Of a step in which none was used.</summary>
    private string NextAppCode()
    {
        Portal.Clock.Advance(TimeSpan.FromSeconds(31));
        return Portal.AppCode(app);
    }

    private async Task<(string, string)[]?> AnswersAsync(long? flow)
    {
        var draw = await Portal.WithDbAsync(db => db.Set<QuestionDraw>().AsNoTracking().SingleOrDefaultAsync(d => d.Flow == flow));
        return draw is null
            ? null
            :
            [
                (QuestionGate.DrawField, $"{draw.Number}"),
                .. draw.Asked.Select((question, at) => (QuestionGate.Field(at), answers.GetValueOrDefault(question, "somebody else's"))),
            ];
    }
}
