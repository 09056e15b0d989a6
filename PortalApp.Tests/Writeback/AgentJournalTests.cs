using Agent;
using Agent.Store;
using Agent.Writeback;
using Agent.Writeback.Protection;
using Microsoft.Extensions.Time.Testing;
using Portal.Writeback;
using PortalApp.Tests.Fixtures;

namespace PortalApp.Tests.Writeback;

public sealed class AgentJournalTests : IDisposable
{
    private static readonly Guid Account = new("6f9619ff-8b86-d011-b42d-00c04fc964ff");
    private readonly FakeTimeProvider time = new(new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly AgentFolder folder = new(Repository.NewFolder("journal"));
    private Journal journal;

    public AgentJournalTests() => journal = new(folder, time);

    public void Dispose() => journal.Dispose();

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var intent = NewIntent();
        var refused = RequestId.New();
        Assert.True(await journal.IntendAsync(intent));
        await journal.EndAsync(refused, new WritebackResult.NotAttempted(WritebackReason.Protected, "member"));

        Reopen();

        Assert.Equal(new JournalEntry(intent.Id, intent, null, false), journal.Find(intent.Id));
        Assert.Equal([refused], journal.Unreported().Select(entry => entry.Id));
        Assert.Equal([intent.Id], journal.Unresolved(time.GetUtcNow().AddDays(-1)).Select(entry => entry.Id));
    }

    [Fact]
    [Trait("Case", "H69")]
    public async Task A_request_is_intended_once()
    {
        var intent = NewIntent();

        Assert.True(await journal.IntendAsync(intent));
        Assert.False(await journal.IntendAsync(intent));
        await journal.EndAsync(intent.Id, new WritebackResult.Applied(false));
        Assert.False(await journal.IntendAsync(intent with { ObjectGuid = Guid.Empty }));
    }

    [Fact]
    public async Task A_known_outcome_stands_and_an_unknown_one_is_replaced_once()
    {
        var intent = NewIntent();
        await journal.IntendAsync(intent);

        Assert.True(await journal.EndAsync(intent.Id, new WritebackResult.Unknown(WritebackReason.AnswerLost, null)));
        await journal.MarkReportedAsync(intent.Id);
        Assert.False(await journal.EndAsync(intent.Id, new WritebackResult.Unknown(WritebackReason.AnswerLost, "again")));
        Assert.Empty(journal.Unreported());
        Assert.True(await journal.EndAsync(intent.Id, new WritebackResult.Applied(true)));
        Assert.Single(journal.Unreported());
        Assert.False(await journal.EndAsync(intent.Id, new WritebackResult.NotAttempted(WritebackReason.Expired, null)));
        Assert.Equal(new WritebackResult.Applied(true), journal.Find(intent.Id)!.Result);
    }

    [Fact]
    public async Task Many_lines_at_once_are_all_kept()
    {
        var intents = Enumerable.Range(0, 300).Select(_ => NewIntent()).ToArray();

        Assert.All(await Task.WhenAll(intents.Select(journal.IntendAsync)), Assert.True);
        Assert.Equal(300, journal.IntentsSince(time.GetUtcNow()).Count);
    }

    [Fact]
    [Trait("Case", "H86")]
    public async Task A_damaged_journal_is_put_aside_and_counts_as_lost()
    {
        await journal.MarkIntactAsync();
        journal.Dispose();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "journal.db"), new byte[8192], TestContext.Current.CancellationToken);

        journal = new(folder, time);

        Assert.False(journal.IsIntact);
        Assert.Single(Directory.GetFiles(folder.Path, "journal.db.damaged-*"));
    }

    [Fact]
    public async Task A_new_journal_proves_nothing_until_the_portals_open_requests_were_answered()
    {
        Assert.False(journal.IsIntact);
        Reopen();
        Assert.False(journal.IsIntact);

        await journal.MarkIntactAsync();
        Reopen();

        Assert.True(journal.IsIntact);
    }

    [Fact]
    public async Task The_file_is_the_agents_alone()
    {
        await journal.IntendAsync(NewIntent());

        Assert.All(
            Directory.GetFiles(folder.Path, "journal.db*"),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file))
        );
    }

    [Fact]
    [Trait("Case", "H82")]
    public void What_the_portal_is_told_after_a_cut_depends_on_how_far_the_journal_came()
    {
        var intent = NewIntent();
        var applied = new WritebackResult.Applied(false);
        var unknown = new WritebackResult.Unknown(WritebackReason.AnswerLost, null);
        var refusal = new WritebackResult.NotAttempted(WritebackReason.Disabled, null);

        Assert.IsType<RecoveryDecision.Wait>(RecoveryDecision.For(true, null, true, true));
        Assert.IsType<RecoveryDecision.Wait>(RecoveryDecision.For(true, new(intent.Id, intent, null, false), true, true));
        Assert.Equal(Reason(WritebackReason.AgentFault), ReasonOf(RecoveryDecision.For(false, null, claimed: true, intact: true)));
        Assert.Equal(Reason(WritebackReason.AgentFault), ReasonOf(RecoveryDecision.For(false, null, claimed: true, intact: false)));
        Assert.Equal(new RecoveryDecision.LookInto(intent), RecoveryDecision.For(false, new(intent.Id, intent, null, false), true, true));
        Assert.Equal(new RecoveryDecision.LookInto(intent), RecoveryDecision.For(false, new(intent.Id, intent, unknown, true), true, true));
        Assert.Equal(new RecoveryDecision.Report(applied), RecoveryDecision.For(false, new(intent.Id, intent, applied, true), true, true));
        Assert.Equal(new RecoveryDecision.Report(refusal), RecoveryDecision.For(false, new(intent.Id, null, refusal, false), true, false));
        Assert.IsType<RecoveryDecision.Foreign>(RecoveryDecision.For(false, null, claimed: false, intact: true));
        Assert.IsType<RecoveryDecision.Foreign>(RecoveryDecision.For(false, new(intent.Id, null, refusal, false), false, intact: true));
        Assert.Equal(new RecoveryDecision.Report(unknown), RecoveryDecision.For(false, new(intent.Id, null, unknown, true), false, true));
        Assert.IsType<WritebackResult.Unknown>(
            Assert.IsType<RecoveryDecision.Report>(RecoveryDecision.For(false, null, claimed: false, intact: false)).Result
        );

        static WritebackReason? ReasonOf(RecoveryDecision decision) =>
            ((decision as RecoveryDecision.Report)?.Result as WritebackResult.NotAttempted)?.Reason;
        static WritebackReason? Reason(WritebackReason reason) => reason;
    }

    [Fact]
    [Trait("Case", "H85")]
    public void The_directorys_count_decides_only_where_it_proves_something()
    {
        var here = new Guid("11111111-1111-1111-1111-111111111111");
        var elsewhere = new Guid("22222222-2222-2222-2222-222222222222");
        var intent = NewIntent() with { InvocationId = here, WritesBefore = 3, Unlocks = true, DirectoryTime = time.GetUtcNow() };
        var now = time.GetUtcNow();

        Assert.Equal(new WritebackResult.Applied(true), Evidence.Judge(intent, here, new(4, here, now)));
        Assert.IsType<WritebackResult.NotAttempted>(Evidence.Judge(intent, here, new(3, elsewhere, now.AddDays(-1))));
        Assert.Null(Evidence.Judge(intent, here, new(4, elsewhere, now)));
        Assert.Null(Evidence.Judge(intent, here, new(4, here, now.AddMinutes(1))));
        Assert.Null(Evidence.Judge(intent, here, new(4, here, now.AddMinutes(-1))));
        Assert.Null(Evidence.Judge(intent, here, new(5, here, now)));
        Assert.Null(Evidence.Judge(intent, elsewhere, new(3, here, now)));
        Assert.Null(Evidence.Judge(intent, here, null));
        Assert.Null(Evidence.Judge(intent with { WritesBefore = null }, here, new(4, here, now)));
        Assert.Null(Evidence.Judge(intent with { InvocationId = null }, null, new(4, here, now)));
    }

    [Fact]
    public async Task The_caps_hold_over_a_restart_and_end_with_their_time()
    {
        var other = new Guid("11111111-1111-1111-1111-111111111111");
        var cap = NewCap(perMinute: 3, perHour: 2);
        for (var i = 0; i < 2; i++)
        {
            Assert.NotNull(cap.TryTake(Account));
            await journal.IntendAsync(NewIntent());
        }

        Assert.Null(cap.TryTake(Account));
        Assert.NotNull(cap.TryTake(other));
        Assert.Null(cap.TryTake(other));

        Reopen();
        cap = NewCap(perMinute: 3, perHour: 2);
        Assert.Null(cap.TryTake(Account));

        time.Advance(TimeSpan.FromMinutes(59));
        Assert.Null(cap.TryTake(Account));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(cap.TryTake(Account));
    }

    [Fact]
    public void What_came_to_nothing_does_not_count()
    {
        var cap = NewCap(perMinute: 1, perHour: 1);

        cap.GiveBack(cap.TryTake(Account)!);

        Assert.NotNull(cap.TryTake(Account));
    }

    private RateCap NewCap(int perMinute, int perHour) =>
        new(
            new AgentOptions
            {
                Limits = new() { SetsPerMinute = perMinute, SetsPerAccountPerHour = perHour },
            },
            journal,
            time
        );

    private void Reopen()
    {
        journal.Dispose();
        journal = new(folder, time);
    }

    private Intent NewIntent() =>
        new(RequestId.New(), Account, "dc1", Guid.Empty, 7, false, time.GetUtcNow(), time.GetUtcNow().AddSeconds(1));
}
