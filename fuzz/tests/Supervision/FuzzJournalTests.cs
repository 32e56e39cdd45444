using WebRtcConformance.Fuzz.Supervision;

namespace WebRtcConformance.Fuzz.Tests.Supervision;

public class FuzzJournalTests
{
    [Fact]
    public void What_is_executed_can_be_read_from_the_file()
    {
        var path = Path.GetTempFileName();
        try
        {
            using (var journal = FuzzJournal.Create(path, 100))
            {
                new byte[] { 1, 2, 3, 4 }.CopyTo(journal.Buffer);
                Assert.Equal([1, 2, 3], journal.Begin(3).ToArray());
                var entry = FuzzJournal.Read(path)!;
                Assert.Equal((JournalState.Executing, 1L), (entry.State, entry.Executions));
                Assert.Equal([1, 2, 3], entry.Input);
                journal.Rest();
                Assert.Equal(JournalState.Idle, FuzzJournal.Read(path)!.State);
            }
            File.WriteAllBytes(path, [1, 2, 3]);
            Assert.Null(FuzzJournal.Read(path));
        }
        finally
        {
            File.Delete(path);
        }
        Assert.Null(FuzzJournal.Read(path));
    }
}
