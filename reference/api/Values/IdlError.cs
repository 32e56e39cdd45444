namespace WebRtcConformance.Api;

/// <summary>Why an operation did not complete, as a value. <see cref="Path"/> leads to what was wrong: "RTCConfiguration.iceServers[0].urls".</summary>
public abstract record IdlError(string Path, string Message)
{
    public sealed override string ToString() => Path.Length == 0 ? Message : Path + ": " + Message;
}

/// <summary>Becomes a TypeError.</summary>
public sealed record IdlTypeError(string Path, string Message) : IdlError(Path, Message);

/// <summary>Becomes a RangeError.</summary>
public sealed record IdlRangeError(string Path, string Message) : IdlError(Path, Message);

/// <summary>Becomes a DOMException of that name, such as "InvalidStateError".</summary>
public sealed record IdlDomError(string Name, string Message) : IdlError("", Message);

/// <summary>What the script's own code threw while it was asked.</summary>
public sealed record IdlThrown(JsValue Value) : IdlError("", "the script threw " + Value);

/// <summary>How an implementation of a generated interface fails an operation; the binding hands the error to the script.</summary>
public sealed class IdlException(IdlError error) : Exception(error.ToString())
{
    public IdlError Error => error;
}
