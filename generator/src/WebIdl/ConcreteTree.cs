using System.Text;

namespace WebRtcConformance.Generator.WebIdl;

/// <summary>What a node of the concrete tree was read as. <see cref="Skipped"/> holds the tokens that had no meaning where they stand.</summary>
public enum IdlConcreteKind : byte
{
    File, Definition, Member, Type, Argument, ExtendedAttributes, ExtendedAttribute, Value, Skipped,
}

/// <summary>The concrete tree: every character of a file, in nodes and tokens.</summary>
public abstract class IdlConcrete
{
    /// <summary>The text, byte for byte as it was read.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    internal abstract void Write(StringBuilder text);
}

/// <param name="trivia">The blanks and comments before the token.</param>
public sealed class IdlConcreteToken(IdlTokenKind kind, string trivia, string text) : IdlConcrete
{
    public IdlTokenKind Kind => kind;
    public string Trivia => trivia;
    public string Text => text;

    internal override void Write(StringBuilder to) => to.Append(trivia).Append(text);
}

public sealed class IdlConcreteNode(IdlConcreteKind kind, IReadOnlyList<IdlConcrete> children) : IdlConcrete
{
    public IdlConcreteKind Kind => kind;
    public IReadOnlyList<IdlConcrete> Children => children;

    /// <summary>The nodes of this one and below, from the outside in.</summary>
    public IEnumerable<IdlConcreteNode> Nodes() =>
        new[] { this }.Concat(children.OfType<IdlConcreteNode>().SelectMany(child => child.Nodes()));

    internal override void Write(StringBuilder to)
    {
        foreach (var child in children) child.Write(to);
    }
}

/// <summary>Builds the concrete tree while the parser takes tokens.</summary>
internal sealed class ConcreteBuilder(string source)
{
    private readonly Stack<(IdlConcreteKind Kind, List<IdlConcrete> Children)> _open = new([(IdlConcreteKind.File, [])]);

    public void Open(IdlConcreteKind kind) => _open.Push((kind, []));

    /// <summary>Ends the innermost node. A node that took no token is left out.</summary>
    public void Close()
    {
        var (kind, children) = _open.Pop();
        if (children.Count > 0) _open.Peek().Children.Add(new IdlConcreteNode(kind, children));
    }

    public void Take(in IdlToken token) =>
        _open.Peek().Children.Add(new IdlConcreteToken(token.Kind, source.Substring(token.TriviaStart, token.Start - token.TriviaStart), token.Text));

    public IdlConcreteNode Finish()
    {
        var (kind, children) = _open.Pop();
        return new(kind, children);
    }
}
