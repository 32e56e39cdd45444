namespace WebRtcConformance.Lab.Wcap;

/// <summary>Splits a stream of bytes into lines without ever holding more than a limit of them: an endless line costs time, not memory.</summary>
/// <param name="source">Read with blocking reads, on the caller's thread.</param>
/// <param name="limit">Largest line in bytes, without its line feed.</param>
internal sealed class LineReader(Stream source, int limit)
{
    private readonly byte[] _chunk = new byte[16 * 1024];
    private int _position, _available;
    private byte[] _line = new byte[1024];
    private bool _skipping;

    /// <summary>Reads the next line, without its line feed or carriage return.</summary>
    /// <param name="line">Valid until the next call.</param>
    /// <param name="overlong">The line is longer than the limit: <paramref name="line"/> is its beginning, the rest will be skipped.
    /// Told as soon as the limit is reached, without waiting for the end of the line.</param>
    /// <returns>False at the end of the stream; a last line without a line feed is still delivered.</returns>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool overlong)
    {
        var length = 0;
        overlong = false;
        while (true)
        {
            if (_position == _available && !Fill())
            {
                line = _line.AsSpan(0, length);
                return length > 0;
            }
            var rest = _chunk.AsSpan(_position, _available - _position);
            var feed = rest.IndexOf((byte)'\n');
            var part = feed < 0 ? rest : rest[..feed];
            if (_skipping)
            {
                _position += part.Length + (feed < 0 ? 0 : 1);
                _skipping = feed < 0;
                continue;
            }
            if (length + part.Length > limit)
            {
                var fits = limit - length;
                Append(part[..fits], ref length);
                _position += fits;
                _skipping = overlong = true;
                line = _line.AsSpan(0, length);
                return true;
            }
            Append(part, ref length);
            _position += part.Length;
            if (feed < 0)
                continue;
            _position++;
            if (length > 0 && _line[length - 1] == '\r')
                length--;
            line = _line.AsSpan(0, length);
            return true;
        }
    }

    private bool Fill()
    {
        _position = 0;
        try
        {
            _available = source.Read(_chunk, 0, _chunk.Length);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _available = 0; // a pipe that breaks has ended
        }
        return _available > 0;
    }

    private void Append(ReadOnlySpan<byte> part, ref int length)
    {
        if (length + part.Length > _line.Length)
            Array.Resize(ref _line, Math.Min(limit, Math.Max(_line.Length * 2, length + part.Length)));
        part.CopyTo(_line.AsSpan(length));
        length += part.Length;
    }
}
