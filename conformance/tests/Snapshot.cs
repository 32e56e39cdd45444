using System.Runtime.CompilerServices;

namespace WebRtcConformance.Conformance.Tests;

/// <summary>Approval snapshots with the file names of Verify: <c>Class.Method.verified.txt</c> is in the tree, <c>.received.txt</c> is what came instead.</summary>
internal static class Snapshot
{
    public static void Verify(string received, [CallerFilePath] string file = "", [CallerMemberName] string method = "")
    {
        string stem = Path.Combine(Path.GetDirectoryName(file)!, $"{Path.GetFileNameWithoutExtension(file)}.{method}");
        string verified = stem + ".verified.txt", other = stem + ".received.txt";
        string text = received.Replace("\r\n", "\n");
        if (File.Exists(verified) && File.ReadAllText(verified).TrimEnd('\n') == text.TrimEnd('\n'))
        {
            File.Delete(other);
            return;
        }

        File.WriteAllText(other, text);
        DiffEngine.DiffRunner.Launch(other, verified);
        Assert.Fail($"{Path.GetFileName(verified)} does not say this (if it is right, rename {Path.GetFileName(other)}):\n{text}");
    }
}
