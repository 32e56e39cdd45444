namespace WebRtcConformance.Api.Tests;

/// <summary>DOMException, as far as errors of operations need it.</summary>
internal sealed class TinyDomException(string message, string name) : IDOMException
{
    public string Name => name;
    public string Message => message;
    public ushort Code => name == "InvalidStateError" ? IDOMException.INVALID_STATE_ERR : (ushort)0;

    internal sealed class Constructor : IDOMExceptionConstructor
    {
        public IDOMException New(string message, string name) => new TinyDomException(message, name);
    }
}
