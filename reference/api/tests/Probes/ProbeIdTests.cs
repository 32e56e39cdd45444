using System.Runtime.CompilerServices;

namespace WebRtcConformance.Api.Tests;

/// <summary>Ids of probes are permanent: results of years have to line up.</summary>
public class ProbeIdTests
{
    [Fact]
    public void The_ids_are_those_of_the_lock_file()
    {
        var found = IdlProbes.Specs.SelectMany(Ids).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(found.Length, found.Distinct().Count());
        var lockFile = LockFile();
        var locked = File.ReadAllLines(lockFile);
        TestContext.Current.TestOutputHelper?.WriteLine($"{found.Length} probes");
        var received = lockFile + ".received";
        if (found.SequenceEqual(locked))
        {
            File.Delete(received);
            return;
        }
        File.WriteAllText(received, string.Join('\n', found) + "\n");
        Assert.Fail("ids of probes are permanent. "
            + string.Concat(found.Except(locked).Take(10).Select(id => $"\nnew, add it to ids.lock: {id}"))
            + string.Concat(locked.Except(found).Take(10).Select(id => $"\ngone, keep the probe or its id: {id}"))
            + $"\nIf all of this is meant: mv {Path.GetFileName(received)} {Path.GetFileName(lockFile)}");
    }

    /// <summary>Those in a window and those in a worker.</summary>
    private static IEnumerable<string> Ids(string spec)
    {
        var realm = new JintRealm(StandIn.Statics(), "Window");
        var window = IdlProbes.Read(realm.Run(IdlProbes.Script(spec)).String);
        realm.Run("var idlExposure = ['Worker', 'DedicatedWorker']; 0");
        return window.Concat(IdlProbes.Read(realm.Run(IdlProbes.Script(spec)).String)).Select(r => r.Id).Distinct();
    }

    private static string LockFile([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "../../Probes/ids.lock"));
}
