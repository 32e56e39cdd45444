namespace WebRtcConformance.Api;

// Web IDL sections 3.2.4 (integers) and 3.2.5 to 3.2.9 (floating-point numbers).
public static partial class IdlConvert
{
    private const double TwoTo64 = 18446744073709551616.0, MaxSafe = 9007199254740991.0;

    public static sbyte ReadByte(IdlContext cx, JsValue value) => (sbyte)Modulo(cx, value);
    public static byte ReadOctet(IdlContext cx, JsValue value) => (byte)Modulo(cx, value);
    public static short ReadShort(IdlContext cx, JsValue value) => (short)Modulo(cx, value);
    public static ushort ReadUnsignedShort(IdlContext cx, JsValue value) => (ushort)Modulo(cx, value);
    public static int ReadLong(IdlContext cx, JsValue value) => (int)Modulo(cx, value);
    public static uint ReadUnsignedLong(IdlContext cx, JsValue value) => (uint)Modulo(cx, value);
    public static long ReadLongLong(IdlContext cx, JsValue value) => (long)Modulo(cx, value);
    public static ulong ReadUnsignedLongLong(IdlContext cx, JsValue value) => Modulo(cx, value);

    public static sbyte ReadByteEnforceRange(IdlContext cx, JsValue value) => (sbyte)Enforce(cx, value, sbyte.MinValue, sbyte.MaxValue);
    public static byte ReadOctetEnforceRange(IdlContext cx, JsValue value) => (byte)Enforce(cx, value, 0, byte.MaxValue);
    public static short ReadShortEnforceRange(IdlContext cx, JsValue value) => (short)Enforce(cx, value, short.MinValue, short.MaxValue);
    public static ushort ReadUnsignedShortEnforceRange(IdlContext cx, JsValue value) => (ushort)Enforce(cx, value, 0, ushort.MaxValue);
    public static int ReadLongEnforceRange(IdlContext cx, JsValue value) => (int)Enforce(cx, value, int.MinValue, int.MaxValue);
    public static uint ReadUnsignedLongEnforceRange(IdlContext cx, JsValue value) => (uint)Enforce(cx, value, 0, uint.MaxValue);
    public static long ReadLongLongEnforceRange(IdlContext cx, JsValue value) => (long)Enforce(cx, value, -MaxSafe, MaxSafe);
    public static ulong ReadUnsignedLongLongEnforceRange(IdlContext cx, JsValue value) => (ulong)Enforce(cx, value, 0, MaxSafe);

    public static sbyte ReadByteClamp(IdlContext cx, JsValue value) => (sbyte)Clamp(cx, value, sbyte.MinValue, sbyte.MaxValue);
    public static byte ReadOctetClamp(IdlContext cx, JsValue value) => (byte)Clamp(cx, value, 0, byte.MaxValue);
    public static short ReadShortClamp(IdlContext cx, JsValue value) => (short)Clamp(cx, value, short.MinValue, short.MaxValue);
    public static ushort ReadUnsignedShortClamp(IdlContext cx, JsValue value) => (ushort)Clamp(cx, value, 0, ushort.MaxValue);
    public static int ReadLongClamp(IdlContext cx, JsValue value) => (int)Clamp(cx, value, int.MinValue, int.MaxValue);
    public static uint ReadUnsignedLongClamp(IdlContext cx, JsValue value) => (uint)Clamp(cx, value, 0, uint.MaxValue);
    public static long ReadLongLongClamp(IdlContext cx, JsValue value) => (long)Clamp(cx, value, -MaxSafe, MaxSafe);
    public static ulong ReadUnsignedLongLongClamp(IdlContext cx, JsValue value) => (ulong)Clamp(cx, value, 0, MaxSafe);

    public static JsValue WriteByte(IdlContext cx, sbyte value) => JsValue.From(value);
    public static JsValue WriteOctet(IdlContext cx, byte value) => JsValue.From(value);
    public static JsValue WriteShort(IdlContext cx, short value) => JsValue.From(value);
    public static JsValue WriteUnsignedShort(IdlContext cx, ushort value) => JsValue.From(value);
    public static JsValue WriteLong(IdlContext cx, int value) => JsValue.From(value);
    public static JsValue WriteUnsignedLong(IdlContext cx, uint value) => JsValue.From(value);

    /// <summary>The nearest Number, when it is beyond 2^53.</summary>
    public static JsValue WriteLongLong(IdlContext cx, long value) => JsValue.From((double)value);
    public static JsValue WriteUnsignedLongLong(IdlContext cx, ulong value) => JsValue.From((double)value);

    public static double ReadDouble(IdlContext cx, JsValue value) => Finite(cx, ToNumber(cx, value), value);
    public static double ReadUnrestrictedDouble(IdlContext cx, JsValue value) => ToNumber(cx, value);

    /// <summary>A number that rounds to one beyond the type's range is refused too.</summary>
    public static float ReadFloat(IdlContext cx, JsValue value)
    {
        var number = Finite(cx, ToNumber(cx, value), value);
        return (float)Finite(cx, (float)number, value);
    }

    public static float ReadUnrestrictedFloat(IdlContext cx, JsValue value) => (float)ToNumber(cx, value);

    public static JsValue WriteDouble(IdlContext cx, double value) => JsValue.From(value);
    public static JsValue WriteUnrestrictedDouble(IdlContext cx, double value) => JsValue.From(value);
    public static JsValue WriteFloat(IdlContext cx, float value) => JsValue.From((double)value);
    public static JsValue WriteUnrestrictedFloat(IdlContext cx, float value) => JsValue.From((double)value);

    private static double Finite(IdlContext cx, double number, JsValue value)
    {
        if (cx.Failed || double.IsFinite(number)) return number;
        cx.FailType($"{value} is no finite number of the type");
        return 0;
    }

    /// <summary>ConvertToInt's last steps: the integer part modulo 2^64, of which a smaller type takes the low bits.</summary>
    private static ulong Modulo(IdlContext cx, JsValue value)
    {
        var number = ToNumber(cx, value);
        if (!double.IsFinite(number)) return 0;
        // Math.IEEERemainder rounds; % keeps the dividend's sign and is exact.
        var rest = Math.Truncate(number) % TwoTo64;
        if (rest < 0) return unchecked(0UL - (ulong)-rest);
        return (ulong)rest;
    }

    private static double Enforce(IdlContext cx, JsValue value, double least, double most)
    {
        var number = ToNumber(cx, value);
        if (cx.Failed) return 0;
        if (!double.IsFinite(number))
        {
            cx.FailType($"{value} is no finite number");
            return 0;
        }
        var integer = Math.Truncate(number);
        if (integer >= least && integer <= most) return integer;
        cx.FailType($"{JsNumber.ToText(number)} is outside {JsNumber.ToText(least)} to {JsNumber.ToText(most)}");
        return 0;
    }

    private static double Clamp(IdlContext cx, JsValue value, double least, double most)
    {
        var number = ToNumber(cx, value);
        if (cx.Failed || double.IsNaN(number)) return 0;
        return Math.Round(Math.Min(Math.Max(number, least), most), MidpointRounding.ToEven);
    }
}
