using WebRtcConformance.Fuzz.Targets;

namespace WebRtcConformance.Fuzz;

/// <summary>The registry of targets.</summary>
public static class FuzzTargets
{
    private static readonly Lazy<IReadOnlyList<IFuzzTarget>> LazyAll = new(() =>
        [new ToyTarget(), new EmptyTarget(), .. PlantedTarget.Faults.Select(fault => new PlantedTarget(fault))]);

    /// <summary>Every target, hidden ones too.</summary>
    public static IReadOnlyList<IFuzzTarget> All => LazyAll.Value;

    /// <summary>The targets that `wrc fuzz --list` shows.</summary>
    public static IEnumerable<IFuzzTarget> Listed => All.Where(target => !target.Hidden);

    /// <summary>The target of that name, or null.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
