using System.Reflection;
using PortalApp.Data;
using Xunit.v3;

namespace PortalApp.Tests.Fixtures.Databases;

/// <summary>
/// The same tests once more, on PostgreSQL: <c>[OnPostgreSql] public sealed class XTestsOnPostgreSql : XTests;</c>. Portals that a test of such
/// a class starts have their database there.
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OnPostgreSqlAttribute : Attribute
{
    public static DatabaseKind OfThisTest =>
        (TestContext.Current.TestClass as IXunitTestClass)?.Class.GetCustomAttribute<OnPostgreSqlAttribute>() is null
            ? DatabaseKind.Sqlite
            : DatabaseKind.PostgreSql;
}
