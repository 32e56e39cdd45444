using System.Text;

namespace WebRtcConformance.Reports;

/// <summary>Reads lines without ever holding more than the limit: an over-long line comes back as null text.</summary>
internal static class BoundedLines
{
    /// <returns>The text (null when over the limit) and whether a line end followed it.</returns>
    public static IEnumerable<(string? Text, bool Whole)> Read(TextReader reader, int limit)
    {
        var line = new StringBuilder();
        var buffer = new char[16 * 1024];
        bool tooLong = false, any = false;
        int count;
        while ((count = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            int start = 0;
            while (start < count)
            {
                int end = Array.IndexOf(buffer, '\n', start, count - start);
                int stop = end < 0 ? count : end;
                any = true;
                if (line.Length + (stop - start) > limit)
                {
                    tooLong = true;
                    line.Clear();
                }
                else if (!tooLong)
                {
                    line.Append(buffer, start, stop - start);
                }

                if (end < 0)
                {
                    break;
                }

                yield return (tooLong ? null : line.ToString(), true);
                line.Clear();
                tooLong = any = false;
                start = end + 1;
            }
        }

        if (any)
        {
            yield return (tooLong ? null : line.ToString(), false);
        }
    }
}
