using PortalApp.Tests.Agents;
using PortalApp.Tests.Audit;
using PortalApp.Tests.Captcha;
using PortalApp.Tests.DirectorySync;
using PortalApp.Tests.Fixtures.Databases;
using PortalApp.Tests.Fixtures.Forests;
using PortalApp.Tests.Gates;
using PortalApp.Tests.Gates.Questions;
using PortalApp.Tests.PasswordReset;
using PortalApp.Tests.Policy;
using PortalApp.Tests.Registration;
using PortalApp.Tests.Tenants;
using PortalApp.Tests.Throttle;
using PortalApp.Tests.Users;
using PortalApp.Tests.Writeback;

// Every test of a store and of a race once more, on PostgreSQL: a line each.
namespace PortalApp.Tests.Data;

[OnPostgreSql]
public sealed class AuditChainTestsOnPostgreSql : AuditChainTests;

[OnPostgreSql]
public sealed class ThrottleTestsOnPostgreSql : ThrottleTests;

[OnPostgreSql]
public sealed class CaptchaTestsOnPostgreSql : CaptchaTests;

[OnPostgreSql]
public sealed class EmailCodeTestsOnPostgreSql : EmailCodeTests;

[OnPostgreSql]
public sealed class PhoneCodeTestsOnPostgreSql : PhoneCodeTests;

[OnPostgreSql]
public sealed class NumberRulesTestsOnPostgreSql : NumberRulesTests;

[OnPostgreSql]
public sealed class GateLimitTestsOnPostgreSql : GateLimitTests;

[OnPostgreSql]
public sealed class GateDecoyTestsOnPostgreSql : Gates.DecoyTests;

[OnPostgreSql]
public sealed class QuestionGateTestsOnPostgreSql : QuestionGateTests;

[OnPostgreSql]
public sealed class AnswerStoreTestsOnPostgreSql : AnswerStoreTests;

[OnPostgreSql]
public sealed class RegistrationTestsOnPostgreSql : RegistrationTests;

[OnPostgreSql]
public sealed class PhoneRegistrationTestsOnPostgreSql : PhoneRegistrationTests;

[OnPostgreSql]
public sealed class DueQuestionTestsOnPostgreSql : DueQuestionTests;

[OnPostgreSql]
public sealed class FlowTestsOnPostgreSql : FlowTests;

[OnPostgreSql]
public sealed class FlowPolicyTestsOnPostgreSql : FlowPolicyTests;

[OnPostgreSql]
public sealed class GateChoiceTestsOnPostgreSql : GateChoiceTests;

[OnPostgreSql]
public sealed class OwnedGateTestsOnPostgreSql : OwnedGateTests;

[OnPostgreSql]
public sealed class OwnedDecoyTestsOnPostgreSql : OwnedDecoyTests;

[OnPostgreSql]
public sealed class PhoneGateTestsOnPostgreSql : PhoneGateTests;

[OnPostgreSql]
public sealed class FlowRaceTestsOnPostgreSql : FlowRaceTests;

[OnPostgreSql]
public sealed class EnumerationTestsOnPostgreSql : EnumerationTests;

[OnPostgreSql]
public sealed class PortalCallTestsOnPostgreSql : PortalCallTests;

[OnPostgreSql]
public sealed class PortalEnrolmentTestsOnPostgreSql : PortalEnrolmentTests;

[OnPostgreSql]
public sealed class PortalSyncTestsOnPostgreSql : PortalSyncTests;

[OnPostgreSql]
public sealed class SyncStandingTestsOnPostgreSql : SyncStandingTests;

[OnPostgreSql]
public sealed class NamesThatMoveTestsOnPostgreSql : NamesThatMoveTests;

[OnPostgreSql]
public sealed class PortalEndingTestsOnPostgreSql : PortalEndingTests;

[OnPostgreSql]
public sealed class PortalVerifyTestsOnPostgreSql : PortalVerifyTests;

[OnPostgreSql]
public sealed class PortalGrantTestsOnPostgreSql : PortalGrantTests;

[OnPostgreSql]
public sealed class PortalHealthTestsOnPostgreSql : PortalHealthTests;

[OnPostgreSql]
public sealed class PortalOutcomeTestsOnPostgreSql : PortalOutcomeTests;

[OnPostgreSql]
public sealed class UserStoreTestsOnPostgreSql(ForestFixture forests) : UserStoreTests(forests);

[OnPostgreSql]
public sealed class TenantStoreTestsOnPostgreSql : TenantStoreTests;

[OnPostgreSql]
public sealed class DomainClaimTestsOnPostgreSql : DomainClaimTests;

[OnPostgreSql]
public sealed class PolicyStoreTestsOnPostgreSql : PolicyStoreTests;

[OnPostgreSql]
public sealed class AuditLogTestsOnPostgreSql(ForestFixture forests) : AuditLogTests(forests);

[OnPostgreSql]
public sealed class TwoPortalsTestsOnPostgreSql : TwoPortalsTests;

[OnPostgreSql]
public sealed class RetentionTestsOnPostgreSql : RetentionTests;

[OnPostgreSql]
public sealed class QueryPlanTestsOnPostgreSql : QueryPlanTests;

[OnPostgreSql]
public sealed class GroupStoreTestsOnPostgreSql : GroupStoreTests;

[OnPostgreSql]
public sealed class SyncedGroupTestsOnPostgreSql : SyncedGroupTests;

[OnPostgreSql]
public sealed class PolicyEffectTestsOnPostgreSql : PolicyEffectTests;
