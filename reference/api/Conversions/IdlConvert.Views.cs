namespace WebRtcConformance.Api;

// Web IDL section 3.2.26: one conversion for each kind of view.
public static partial class IdlConvert
{
    public static IJsArrayBufferView ReadDataView(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.DataView);
    public static IJsArrayBufferView ReadInt8Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Int8Array);
    public static IJsArrayBufferView ReadInt16Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Int16Array);
    public static IJsArrayBufferView ReadInt32Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Int32Array);
    public static IJsArrayBufferView ReadUint8Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Uint8Array);
    public static IJsArrayBufferView ReadUint16Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Uint16Array);
    public static IJsArrayBufferView ReadUint32Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Uint32Array);
    public static IJsArrayBufferView ReadUint8ClampedArray(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Uint8ClampedArray);
    public static IJsArrayBufferView ReadBigInt64Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.BigInt64Array);
    public static IJsArrayBufferView ReadBigUint64Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.BigUint64Array);
    public static IJsArrayBufferView ReadFloat16Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Float16Array);
    public static IJsArrayBufferView ReadFloat32Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Float32Array);
    public static IJsArrayBufferView ReadFloat64Array(IdlContext cx, JsValue value) => ReadView(cx, value, JsBufferKind.Float64Array);

    public static JsValue WriteDataView(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteInt8Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteInt16Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteInt32Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteUint8Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteUint16Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteUint32Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteUint8ClampedArray(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteBigInt64Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteBigUint64Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteFloat16Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteFloat32Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
    public static JsValue WriteFloat64Array(IdlContext cx, IJsArrayBufferView value) => JsValue.From(value);
}
