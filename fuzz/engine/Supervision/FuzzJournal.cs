using System.IO.MemoryMappedFiles;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace WebRtcConformance.Fuzz.Supervision;

/// <summary>What the worker was doing when the journal was last written.</summary>
public enum JournalState { Idle, Executing }

/// <summary>The current input, kept in a memory-mapped file: whatever kills the process, the input survives it. The mutator writes its output
/// straight into the journal, so keeping one costs nothing.</summary>
public sealed unsafe class FuzzJournal : IDisposable
{
    private const uint Magic = 0x315A5746; // "FWZ1"
    private const int HeaderSize = 64, StateAt = 4, ExecutionsAt = 8, LengthAt = 16;

    private readonly MemoryMappedFile? _file;
    private readonly MemoryMappedViewAccessor? _view;
    private byte* _start;

    private FuzzJournal(byte* start, int maxLength, MemoryMappedFile? file, MemoryMappedViewAccessor? view)
    {
        _start = start;
        (MaxLength, _file, _view) = (maxLength, file, view);
        *(uint*)_start = Magic;
    }

    /// <summary>Bytes of the longest input.</summary>
    public int MaxLength { get; }

    /// <summary>A journal in memory only, for engines without a supervisor.</summary>
    public static FuzzJournal InMemory(int maxLength) => new((byte*)NativeMemory.AllocZeroed((nuint)(HeaderSize + maxLength)), maxLength, null, null);

    /// <summary>Creates or overwrites the journal file.</summary>
    public static FuzzJournal Create(string path, int maxLength)
    {
        using (var stream = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.ReadWrite)) stream.SetLength(HeaderSize + maxLength);
        var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open);
        var view = file.CreateViewAccessor();
        byte* start = null;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref start);
        return new(start, maxLength, file, view);
    }

    /// <summary>Where the next input is composed.</summary>
    public Span<byte> Buffer => new(_start + HeaderSize, MaxLength);

    /// <summary>Marks the first <paramref name="length"/> bytes of <see cref="Buffer"/> as being executed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ReadOnlySpan<byte> Begin(int length)
    {
        *(int*)(_start + LengthAt) = length;
        Volatile.Write(ref *(int*)(_start + StateAt), (int)JournalState.Executing);
        Volatile.Write(ref *(long*)(_start + ExecutionsAt), *(long*)(_start + ExecutionsAt) + 1);
        return new(_start + HeaderSize, length);
    }

    /// <summary>No input is being executed.</summary>
    public void Rest() => Volatile.Write(ref *(int*)(_start + StateAt), (int)JournalState.Idle);

    /// <summary>Reads the journal that another process writes or has written; null when there is none or it is not whole.</summary>
    public static JournalEntry? Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[HeaderSize];
            if (stream.ReadAtLeast(header, HeaderSize, throwOnEndOfStream: false) < HeaderSize) return null;
            if (BitConverter.ToUInt32(header) != Magic) return null;
            var length = BitConverter.ToInt32(header[LengthAt..]);
            if (length < 0 || length > stream.Length - HeaderSize) return null;
            var bytes = new byte[length];
            stream.ReadExactly(bytes);
            return new((JournalState)BitConverter.ToInt32(header[StateAt..]), BitConverter.ToInt64(header[ExecutionsAt..]), bytes);
        }
        catch (IOException)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_start == null) return;
        if (_view is null) NativeMemory.Free(_start);
        else
        {
            _view.SafeMemoryMappedViewHandle.ReleasePointer();
            _view.Dispose();
            _file!.Dispose();
        }
        _start = null;
    }
}

/// <param name="Executions">Executions begun since the journal was created.</param>
public sealed record JournalEntry(JournalState State, long Executions, byte[] Input);
