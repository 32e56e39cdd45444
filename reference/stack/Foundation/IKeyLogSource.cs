namespace WebRtcConformance.Stack.Foundation;

/// <summary>A node whose machine makes keys, for somebody who records what it sends and wants to read it.</summary>
public interface IKeyLogSource
{
    /// <summary>A line for a key log file (NSS key log format), said before the first datagram that it opens is taken.</summary>
    event Action<string>? KeyLogged;
}
