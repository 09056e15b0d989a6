using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Tenants;
using PortalApp.Audit;
using PortalApp.Audit.Chain;

namespace PortalApp.Operator;

/// <summary>Whether the audit is what was written.</summary>
internal static partial class AuditCommands
{
    public static Command Verify()
    {
        var tenant = new Option<int?>("--tenant")
        {
            Description = "The tenant's number; without it every chain, also the one of no tenant.",
        };
        var expect = new Option<string?>("--expect")
        {
            Description = "NUMBER:SEAL, as the syslog receiver has it of the tenant's newest line: shows that no newer end was cut off.",
        };
        expect.Validators.Add(typed =>
        {
            if (typed.GetValue(expect) is { } kept && !KeptForm().IsMatch(kept))
            {
                typed.AddError("--expect: write NUMBER:SEAL, the number and the seal of a line that was shipped.");
            }
            else if (typed.GetValue(expect) is not null && typed.GetValue(tenant) is null)
            {
                typed.AddError("--expect: also write --tenant, whose line that is.");
            }
        });
        var verify = new Command(
            "verify",
            "Compare every entry with its seal, and say of each that is changed, missing or moved which it is."
        )
        {
            tenant,
            expect,
        };
        verify.Does(call => VerifyAsync(call, call.Typed.GetValue(tenant), KeptOf(call.Typed.GetValue(expect))));
        return verify;
    }

    public static Command Key()
    {
        var key = new Command("key", "Print the public key by which the end of each day is signed; docs/audit.md says how it is checked.");
        key.Does(call =>
        {
            using var signer = call.Get<AuditKeys>().NewSigner();
            call.Output.WriteLine(signer.ExportSubjectPublicKeyInfoPem());
            return Task.FromResult<CommandRefusal?>(null);
        });
        return key;
    }

    private static async Task<CommandRefusal?> VerifyAsync(CommandCall call, int? tenant, KeptSeal? kept)
    {
        var verification = call.Get<AuditVerification>();
        var chains = tenant is { } one ? [new TenantId(one)] : await verification.ChainsAsync(call.Cancellation);
        var wrong = 0;
        foreach (var chain in chains)
        {
            var report = await verification.VerifyAsync(chain, kept, call.Cancellation);
            var name = chain is { } id ? $"tenant {id}" : "no tenant";
            foreach (var finding in report.Findings)
            {
                call.PrintRow(name, Sentence(finding));
            }

            call.PrintRow(name, Summary(report));
            wrong += report.Findings.Count;
        }

        return wrong == 0 ? null : new($"The audit is not what was written: {wrong} findings.");
    }

    private static string Summary(AuditReport report) =>
        $"{report.Sealed} entries verified, {report.Waiting} not sealed yet"
        + (report.Trimmed > 0 ? $", up to number {report.Trimmed} deleted by retention" : "")
        + (report.Findings.Count == 0 ? ": all as written" : $": {report.Findings.Count} findings");

    private static string Sentence(AuditFinding finding) =>
        finding switch
        {
            AuditFinding.Missing(var from, var to) when from == to => $"number {from} is missing",
            AuditFinding.Missing(var from, var to) => $"numbers {from} to {to} are missing",
            AuditFinding.Changed(var number, var entry) => $"number {number} was changed: {Of(entry)}",
            AuditFinding.Moved(var from, var to, var entry) => $"number {from} was moved to {to}: {Of(entry)}",
            AuditFinding.Unproven(var number, var entry) =>
                $"number {number} cannot be proved, as what it was held to is missing: {Of(entry)}",
            AuditFinding.Added(var entry) => $"entry {entry} was added beside the chain",
            AuditFinding.Unsigned(var number, var entry) => $"number {number} is not signed by this portal's key: {Of(entry)}",
            AuditFinding.Other(var number) => $"number {number} is not what was expected: the end was cut off, or the chain is another",
            _ => throw new System.Diagnostics.UnreachableException(),
        };

    private static string Of(AuditEntry entry) =>
        string.Create(CultureInfo.InvariantCulture, $"entry {entry.Id} of {entry.At:O}, {(int)entry.Event} {entry.Event}");

    private static KeptSeal? KeptOf(string? typed) =>
        typed?.Split(':', 2) is [var number, var seal] ? new(long.Parse(number, CultureInfo.InvariantCulture), seal) : null;

    [GeneratedRegex(@"^\d{1,18}:[A-Za-z0-9+/]{43}=$")]
    private static partial Regex KeptForm();
}
