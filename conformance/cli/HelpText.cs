using System.CommandLine;
using System.CommandLine.Invocation;
using System.Text;

namespace WebRtcConformance.Cli;

/// <summary>Help in one style for all commands: a sentence, the usage, the options, examples.</summary>
internal sealed class HelpText(TextWriter output) : SynchronousCommandLineAction
{
    private const int Width = 100;

    public override int Invoke(ParseResult parseResult)
    {
        output.Write(Of(parseResult.CommandResult.Command));
        return ExitCode.AsExpected;
    }

    public override bool ClearsParseErrors => true;

    public static string Of(Command command)
    {
        var text = new StringBuilder().Append(command.Description).Append("\n\nUsage: ").Append(PathOf(command));
        foreach (Argument argument in command.Arguments)
        {
            string name = argument.HelpName ?? argument.Name;
            text.Append(' ').Append(argument.Arity.MinimumNumberOfValues == 0 ? $"[{name}]" : name).Append(argument.Arity.MaximumNumberOfValues > 1 ? "..." : "");
        }

        Command[] commands = command.Subcommands.Where(c => !c.Hidden).ToArray();
        text.Append(commands.Length > 0 ? " COMMAND" : "").Append(" [options]\n");
        Table(text, "Commands", commands.Select(c => (c.Name, c.Description ?? "")));
        Table(text, "Arguments", command.Arguments.Select(a => (a.HelpName ?? a.Name, a.Description ?? "")));
        Table(text, "Options", command.Options.Where(o => !o.Hidden).Select(o => (NamesOf(o), o.Description ?? "")));
        if (command is WrcCommand wrc)
        {
            if (wrc.Notes.Length > 0)
            {
                text.Append('\n');
                Wrap(text, wrc.Notes, 0);
            }

            text.Append("\nExamples:\n");
            foreach (string example in wrc.Examples)
            {
                text.Append("  ").Append(example).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string PathOf(Command command)
    {
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? "wrc" : PathOf(parent) + " " + command.Name;
    }

    private static string NamesOf(Option option)
    {
        string names = string.Join(", ", option.Aliases.Where(a => a.StartsWith('-')).Append(option.Name).OrderBy(n => n.Length).Distinct());
        return option.HelpName is { } value && option.Arity.MaximumNumberOfValues > 0 ? $"{names} {value}" : names;
    }

    private static void Table(StringBuilder text, string title, IEnumerable<(string Name, string About)> rows)
    {
        (string Name, string About)[] all = rows.ToArray();
        if (all.Length == 0)
        {
            return;
        }

        int column = Math.Min(30, all.Max(r => r.Name.Length)) + 4;
        text.Append('\n').Append(title).Append(":\n");
        foreach ((string name, string about) in all)
        {
            text.Append("  ").Append(name.PadRight(column - 2));
            if (name.Length > column - 3)
            {
                text.Append('\n').Append(' ', column);
            }

            Wrap(text, about, column);
        }
    }

    private static void Wrap(StringBuilder text, string words, int indent)
    {
        int at = indent;
        foreach (string word in words.Split(' '))
        {
            if (at > indent && at + word.Length > Width)
            {
                text.Append('\n').Append(' ', indent);
                at = indent;
            }

            text.Append(at > indent ? " " : "").Append(word);
            at += word.Length + 1;
        }

        text.Append('\n');
    }
}
