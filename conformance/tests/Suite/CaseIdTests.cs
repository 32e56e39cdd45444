using System.Runtime.CompilerServices;

namespace WebRtcConformance.Conformance.Tests.Suite;

/// <summary>Baselines, reports and people's scripts hold case ids: they are permanent.</summary>
public class CaseIdTests
{
    [Fact]
    public void The_ids_are_those_of_the_lock_file()
    {
        var file = LockFile();
        var received = file + ".received";
        var locked = File.ReadAllLines(file);
        string[] found = [.. RealSuite.Definitions.Select(c => c.Slug).Distinct().Order(StringComparer.Ordinal)];
        if (found.SequenceEqual(locked))
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, string.Join('\n', found) + "\n");
        Assert.Fail("case ids are permanent. "
            + string.Concat(found.Except(locked).Take(10).Select(id => $"\nnew, add it to ids.lock: {id}"))
            + string.Concat(locked.Except(found).Take(10).Select(id => $"\ngone, keep the case or its id: {id}"))
            + (found.ToHashSet().SetEquals(locked) ? "\nids.lock is not sorted, or says something twice" : "")
            + $"\nIf all of this is meant: mv {Path.GetFileName(received)} {Path.GetFileName(file)}");
    }

    private static string LockFile([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../cases/ids.lock"));
}
