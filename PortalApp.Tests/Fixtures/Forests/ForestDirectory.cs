using System.Buffers.Binary;
using System.DirectoryServices.Protocols;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace PortalApp.Tests.Fixtures.Forests;

/// <summary>What an administrator of the throwaway forest, or a person who signs in to it, can do over LDAPS: the tests' outside view.</summary>
internal sealed partial class ForestDirectory(IPAddress address, int port, string trustedFolder) : IDisposable
{
    /// <summary><c>unicodePwd</c> in <c>replPropertyMetaData</c>.</summary>
    private const uint UnicodePwdId = 0x9005A;

    /// <summary>LDAP_SERVER_DOWN, the client library's own.</summary>
    private const int ServerDown = 81;
    private const int ConnectAttempts = 4;

    private LdapConnection? admin;
    private readonly Lock oneAtATime = new();

    /// <summary>Signs in as a person does.</summary>
    public BindAnswer Bind(string upn, string password)
    {
        try
        {
            using var connection = Connect(address, port, trustedFolder, upn, password);
            return new(true, null);
        }
        catch (LdapException e) when (e.ErrorCode == 49)
        {
            return new(false, DataCode().Match(e.ServerErrorMessage ?? "").Groups[1].Value);
        }
    }

    /// <summary>How many times the password was ever written; the directory counts.</summary>
    public uint WriteCount(string dn)
    {
        var data = (byte[])Search(dn, "replPropertyMetaData")["replPropertyMetaData"].GetValues(typeof(byte[]))[0];
        for (var entry = 16; entry + 48 <= data.Length; entry += 48)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(entry)) == UnicodePwdId)
            {
                return BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(entry + 4));
            }
        }

        return 0;
    }

    public string? Read(string dn, string attribute) => FirstText(Search(dn, attribute), attribute);

    /// <summary>What another account than the administrator may read.</summary>
    public string? ReadAs(string bindUpn, string bindPassword, string dn, string attribute)
    {
        using var connection = Connect(address, port, trustedFolder, bindUpn, bindPassword);
        var found = (SearchResponse)connection.SendRequest(new SearchRequest(dn, "(objectClass=*)", SearchScope.Base, attribute));
        return found.Entries.Count == 0 ? null : FirstText(found.Entries[0].Attributes, attribute);
    }

    /// <summary>A security identifier in its text form, <c>S-1-5-21-…</c>.</summary>
    public string Sid(string dn)
    {
        var sid = (byte[])Search(dn, "objectSid")["objectSid"].GetValues(typeof(byte[]))[0];
        var parts = Enumerable.Range(0, sid[1]).Select(i => BinaryPrimitives.ReadUInt32LittleEndian(sid.AsSpan(8 + (4 * i))));
        return string.Create(CultureInfo.InvariantCulture, $"S-{sid[0]}-{sid[7]}-{string.Join('-', parts)}");
    }

    public Guid ObjectGuid(string dn) => new((byte[])Search(dn, "objectGUID")["objectGUID"].GetValues(typeof(byte[]))[0]);

    public void Add(string dn, params (string Name, object Value)[] attributes) =>
        Send(
            new AddRequest(
                dn,
                [.. attributes.Select(a => a.Value is byte[] bytes ? new DirectoryAttribute(a.Name, bytes) : new(a.Name, (string)a.Value))]
            )
        );

    public void AddAccount(ForestAccount account, int userAccountControl = 512) =>
        Add(
            account.Dn,
            [
                .. new (string, string)[] { ("mobile", account.Mobile), ("telephoneNumber", account.Telephone) }
                    .Where(phone => phone.Item2.Length > 0)
                    .Select(phone => (phone.Item1, (object)phone.Item2)),
                ("objectClass", "user"),
                ("sAMAccountName", account.Sam),
                ("userPrincipalName", account.Upn),
                ("givenName", account.Given),
                ("sn", account.Surname),
                ("displayName", account.DisplayName),
                ("mail", account.Upn),
                ("unicodePwd", Quoted(account.Password)),
                ("userAccountControl", userAccountControl.ToString(CultureInfo.InvariantCulture)),
            ]
        );

    public void Delete(string dn) => Send(new DeleteRequest(dn));

    /// <param name="name">Such as <c>CN=Colleagues</c>.</param>
    public void Move(string dn, string parent, string name) => Send(new ModifyDNRequest(dn, parent, name));

    public void SetAttribute(string dn, string attribute, params string[] values) =>
        Send(new ModifyRequest(dn, DirectoryAttributeOperation.Replace, attribute, [.. values]));

    public void AddToGroup(string groupDn, string memberDn) =>
        Send(new ModifyRequest(groupDn, DirectoryAttributeOperation.Add, "member", memberDn));

    public void RemoveFromGroup(string groupDn, string memberDn) =>
        Send(new ModifyRequest(groupDn, DirectoryAttributeOperation.Delete, "member", memberDn));

    /// <summary>A fine-grained policy for that account alone.</summary>
    /// <param name="rules">That differ from what asks little.</param>
    /// <returns>Its name.</returns>
    public string AddPasswordPolicy(ForestAccount account, params (string Name, string Value)[] rules)
    {
        Dictionary<string, string> all = new()
        {
            ["msDS-PasswordSettingsPrecedence"] = "1",
            ["msDS-PasswordReversibleEncryptionEnabled"] = "FALSE",
            ["msDS-PasswordHistoryLength"] = "0",
            ["msDS-PasswordComplexityEnabled"] = "TRUE",
            ["msDS-MinimumPasswordLength"] = "7",
            ["msDS-MinimumPasswordAge"] = "0",
            ["msDS-MaximumPasswordAge"] = "-36288000000000",
            ["msDS-LockoutThreshold"] = "5",
            ["msDS-LockoutObservationWindow"] = "-18000000000",
            ["msDS-LockoutDuration"] = "-18000000000",
            ["msDS-PSOAppliesTo"] = account.Dn,
        };
        Array.ForEach(rules, rule => all[rule.Name] = rule.Value);
        var dn = $"CN=Of {account.Sam},CN=Password Settings Container,CN=System,{Forest.BaseDn}";
        Add(dn, [("objectClass", "msDS-PasswordSettings"), .. all.Select(rule => (rule.Key, (object)rule.Value))]);
        return dn;
    }

    /// <summary>As after too many wrong passwords.</summary>
    public void LockOut(string dn) =>
        SetAttribute(dn, "lockoutTime", TimeProvider.System.GetUtcNow().ToFileTime().ToString(CultureInfo.InvariantCulture));

    public void Unlock(string dn) => SetAttribute(dn, "lockoutTime", "0");

    public void SetPassword(string dn, string password) => Send(PasswordModify(dn, password));

    /// <summary>A reset by another account than the administrator's; the answer is the directory's.</summary>
    /// <param name="unlock">In the same modify.</param>
    public (ResultCode Code, string Message) ResetAs(string bindUpn, string bindPassword, string dn, string password, bool unlock = false)
    {
        var modify = PasswordModify(dn, password);
        if (unlock)
        {
            var lockoutTime = new DirectoryAttributeModification { Name = "lockoutTime", Operation = DirectoryAttributeOperation.Replace };
            lockoutTime.Add("0");
            modify.Modifications.Add(lockoutTime);
        }

        return SendAs(bindUpn, bindPassword, modify);
    }

    public ResultCode SetAttributeAs(string bindUpn, string bindPassword, string dn, string attribute, string value) =>
        SendAs(bindUpn, bindPassword, new ModifyRequest(dn, DirectoryAttributeOperation.Replace, attribute, value)).Code;

    private (ResultCode Code, string Message) SendAs(string bindUpn, string bindPassword, ModifyRequest modify)
    {
        using var connection = Connect(address, port, trustedFolder, bindUpn, bindPassword);
        try
        {
            return (connection.SendRequest(modify).ResultCode, "");
        }
        catch (DirectoryOperationException e)
        {
            return (e.Response.ResultCode, e.Response.ErrorMessage);
        }
    }

    public void Dispose()
    {
        admin?.Dispose();
    }

    /// <summary>A busy machine may miss a handshake's deadline: the outside view then looks again, a directory that is down stays down.</summary>
    internal static LdapConnection Connect(IPAddress address, int port, string trustedFolder, string upn, string password)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return ConnectOnce(address, port, trustedFolder, upn, password);
            }
            catch (LdapException e) when (e.ErrorCode == ServerDown && attempt < ConnectAttempts) { }
        }
    }

    private static LdapConnection ConnectOnce(IPAddress address, int port, string trustedFolder, string upn, string password)
    {
        var connection = new LdapConnection(
            new LdapDirectoryIdentifier(address.ToString(), port),
            new NetworkCredential(upn, password),
            AuthType.Basic
        )
        {
            Timeout = TimeSpan.FromSeconds(20),
        };
        try
        {
            connection.SessionOptions.ProtocolVersion = 3;
            connection.SessionOptions.ReferralChasing = ReferralChasingOptions.None;
            connection.SessionOptions.SecureSocketLayer = true;
            connection.SessionOptions.TrustedCertificatesDirectory = trustedFolder;
            connection.SessionOptions.StartNewTlsSessionContext();
            connection.Bind();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    internal static ModifyRequest PasswordModify(string dn, string password) =>
        new(dn, DirectoryAttributeOperation.Replace, "unicodePwd", [Quoted(password)]);

    private static byte[] Quoted(string password) => Encoding.Unicode.GetBytes($"\"{password}\"");

    private static string? FirstText(SearchResultAttributeCollection attributes, string name) =>
        attributes[name] is { Count: > 0 } values ? (string)values.GetValues(typeof(string))[0] : null;

    [GeneratedRegex("data ([0-9a-f]+)")]
    private static partial Regex DataCode();

    private SearchResultAttributeCollection Search(string dn, string attribute) =>
        ((SearchResponse)Send(new SearchRequest(dn, "(objectClass=*)", SearchScope.Base, attribute))).Entries[0].Attributes;

    /// <summary>Said to the second attempt, when only the answer to the first one was lost.</summary>
    private static bool IsDone(ResultCode code) =>
        code is ResultCode.EntryAlreadyExists or ResultCode.AttributeOrValueExists or ResultCode.NoSuchObject or ResultCode.NoSuchAttribute;

    private DirectoryResponse Send(DirectoryRequest request)
    {
        lock (oneAtATime)
        {
            for (var attempt = 1; ; attempt++)
            {
                admin ??= Connect(address, port, trustedFolder, Forest.AdminUpn, Forest.AdminPassword);
                try
                {
                    return admin.SendRequest(request);
                }
                catch (DirectoryOperationException e) when (attempt > 1 && IsDone(e.Response.ResultCode))
                {
                    return e.Response;
                }
                catch (LdapException e) when (e.ErrorCode == ServerDown && attempt < ConnectAttempts)
                {
                    admin.Dispose();
                    admin = null;
                }
            }
        }
    }
}

/// <param name="DataCode">Why not, as Active Directory says it: 52e wrong password, 775 locked, 533 disabled, 773 must change.</param>
internal sealed record BindAnswer(bool Accepted, string? DataCode);
