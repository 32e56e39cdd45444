using System.CommandLine;
using WebRtcConformance.Lab.Requirements;
using WebRtcConformance.Reports;
using WebRtcConformance.Stack;

namespace WebRtcConformance.Cli.Commands;

/// <summary>`wrc explain`: what a case, a requirement or a quirk is about.</summary>
internal static class ExplainCommand
{
    public static Command Make(CliContext context)
    {
        var what = new Argument<string>("what") { HelpName = "CASE|REQUIREMENT|QUIRK", Description = "A case id, a requirement id, a quirk's name, or the word quirks for a list." };
        var command = new WrcCommand("explain", "Says what a case shows, what a requirement demands, or what a quirk breaks.",
            "wrc explain stun/request/bad-integrity", "wrc explain RFC8489:9.1.3-8", "wrc explain quirks") { what };
        command.SetAction(parsed =>
        {
            string word = parsed.GetValue(what)!;
            if (word == "quirks")
            {
                foreach (NamedQuirk quirk in AllQuirks.List)
                {
                    context.Out.WriteLine($"{quirk.Name,-44} {RequirementPlace.Of(quirk.Rule + "-1")}: {quirk.Summary}");
                }

                return ExitCode.AsExpected;
            }

            ISuite suite = context.OpenSuite();
            if (AllQuirks.Find(word) is { } found)
            {
                Quirk(context, suite, found);
            }
            else if (Catalogue.Embedded.TryFind(word, out Requirement? requirement))
            {
                Requirement(context, suite, requirement);
            }
            else if (suite.Cases.Where(c => c.Id == word || c.Id.Split('[')[0] == word).ToArray() is { Length: > 0 } cases)
            {
                Case(context, suite, cases);
            }
            else
            {
                IEnumerable<string> known = suite.Cases.Select(c => c.Id.Split('[')[0]).Distinct().Concat(AllQuirks.List.Select(q => q.Name))
                    .Concat(Catalogue.Embedded.Items.Select(i => i.Id.ToString()));
                throw CliException.Usage($"there is no case, requirement or quirk '{OneLine.Of(word, 80)}'",
                    (Nearest.Of(word, known) is { } near ? $"did you mean {near}? " : "") + "see: wrc run --list");
            }

            return ExitCode.AsExpected;
        });
        return command;
    }

    private static void Case(CliContext context, ISuite suite, CaseInfo[] variants)
    {
        CaseInfo first = variants[0];
        TextWriter output = context.Out;
        output.WriteLine(variants.Length == 1 ? first.Id : first.Id.Split('[')[0]);
        output.WriteLine($"  {first.Title}");
        output.WriteLine($"  level {first.Level}, tier {first.Tier}{(first.Needs.Count > 0 ? ", needs " + string.Join(", ", first.Needs) : "")}");
        if (variants.Length > 1)
        {
            output.WriteLine($"  variants: {string.Join(" ", variants.Select(v => v.Id[v.Id.Split('[')[0].Length..]))}");
        }

        output.WriteLine("  requirements:");
        foreach (string id in first.Requirements)
        {
            RequirementText? text = context.Requirements.Find(id);
            RequirementPlace place = RequirementPlace.Of(id);
            output.WriteLine($"    {id}{(text is null ? "" : "  " + text.Level)}  ({place}){(place.Url is { } url ? "  " + url : "")}");
            if (text is not null)
            {
                output.WriteLine($"      {text.Gist}");
            }
        }

        if (suite.Explain(first.Id) is { Length: > 0 } more)
        {
            output.WriteLine(more.TrimEnd('\n'));
        }

        output.WriteLine($"  run it: wrc run --case '{(variants.Length == 1 ? first.Id : first.Id.Split('[')[0])}'");
    }

    private static void Requirement(CliContext context, ISuite suite, Requirement requirement)
    {
        string id = requirement.Id.ToString();
        RequirementPlace place = RequirementPlace.Of(id);
        TextWriter output = context.Out;
        output.WriteLine($"{id}  {requirement.LevelInWebRtc.Word()}  ({place})  {place.Url}");
        output.WriteLine($"  {requirement.Gist}");
        output.WriteLine($"  applies to {string.Join(", ", requirement.Actors)}{(requirement.When.Length > 0 ? " when " + requirement.When : "")}");
        output.WriteLine(requirement.UntestableBecause is { } why ? $"  not testable: {why}" : $"  seen: {requirement.Observable}");
        if (requirement.Quirks.Count > 0)
        {
            output.WriteLine($"  quirks that break it: {string.Join(", ", requirement.Quirks)}");
        }

        Cases(output, suite.Cases.Where(c => c.Requirements.Contains(id)));
    }

    private static void Quirk(CliContext context, ISuite suite, NamedQuirk quirk)
    {
        string[] broken = Catalogue.Embedded.Items.Where(i => i.Quirks.Contains(quirk.Name)).Select(i => i.Id.ToString()).ToArray();
        context.Out.WriteLine($"{quirk.Name}  ({RequirementPlace.Of(quirk.Rule + "-1")})");
        context.Out.WriteLine($"  {quirk.Summary}");
        if (broken.Length > 0)
        {
            context.Out.WriteLine($"  breaks: {string.Join(", ", broken)}");
            Cases(context.Out, suite.Cases.Where(c => c.Requirements.Any(broken.Contains)));
        }

        context.Out.WriteLine($"  try it: wrc {(broken.Length > 0 ? "run" : "peer")} --quirk {quirk.Name}");
    }

    private static void Cases(TextWriter output, IEnumerable<CaseInfo> cases)
    {
        string[] slugs = cases.Select(c => c.Id.Split('[')[0]).Distinct().ToArray();
        output.WriteLine(slugs.Length == 0 ? "  no case links it" : "  cases: " + string.Join(", ", slugs));
    }
}
