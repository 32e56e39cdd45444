// @document "What the WebRTC standards lean on, of other standards" https://webidl.spec.whatwg.org/
// As few definitions as the other files need, each named with its standard; an interface without members is only referred to. Members that
// are left out are listed in generator/tests/Api/idl-differences.txt.

// DOM, https://dom.spec.whatwg.org/

[Exposed=*]
interface Event {
  constructor(DOMString type, optional EventInit eventInitDict = {});

  readonly attribute DOMString type;
  readonly attribute EventTarget? target;
  readonly attribute EventTarget? srcElement; // legacy
  readonly attribute EventTarget? currentTarget;
  sequence<EventTarget> composedPath();

  const unsigned short NONE = 0;
  const unsigned short CAPTURING_PHASE = 1;
  const unsigned short AT_TARGET = 2;
  const unsigned short BUBBLING_PHASE = 3;
  readonly attribute unsigned short eventPhase;

  undefined stopPropagation();
           attribute boolean cancelBubble; // legacy alias of .stopPropagation()
  undefined stopImmediatePropagation();

  readonly attribute boolean bubbles;
  readonly attribute boolean cancelable;
           attribute boolean returnValue;  // legacy
  undefined preventDefault();
  readonly attribute boolean defaultPrevented;
  readonly attribute boolean composed;

  [LegacyUnforgeable] readonly attribute boolean isTrusted;
  readonly attribute DOMHighResTimeStamp timeStamp;

  undefined initEvent(DOMString type, optional boolean bubbles = false, optional boolean cancelable = false); // legacy
};

dictionary EventInit {
  boolean bubbles = false;
  boolean cancelable = false;
  boolean composed = false;
};

[Exposed=*]
interface EventTarget {
  constructor();

  undefined addEventListener(DOMString type, EventListener? callback, optional (AddEventListenerOptions or boolean) options = {});
  undefined removeEventListener(DOMString type, EventListener? callback, optional (EventListenerOptions or boolean) options = {});
  boolean dispatchEvent(Event event);
};

callback interface EventListener {
  undefined handleEvent(Event event);
};

dictionary EventListenerOptions {
  boolean capture = false;
};

dictionary AddEventListenerOptions : EventListenerOptions {
  boolean passive;
  boolean once = false;
  AbortSignal signal;
};

[Exposed=*]
interface AbortSignal : EventTarget {
};

[Exposed=Window]
interface Node : EventTarget {
};

[Exposed=Window]
interface Element : Node {
};

// HTML, https://html.spec.whatwg.org/

[LegacyTreatNonObjectAsNull]
callback EventHandlerNonNull = any (Event event);
typedef EventHandlerNonNull? EventHandler;

[Exposed=Window]
interface HTMLElement : Element {
};

[Exposed=Window]
interface HTMLMediaElement : HTMLElement {
};

[Exposed=Window]
interface HTMLCanvasElement : HTMLElement {
};

[Exposed=Window]
interface Navigator {
};

[Exposed=(Window,Worker), Serializable, Transferable]
interface ImageBitmap {
};

[Exposed=Worker]
interface WorkerGlobalScope : EventTarget {
};

[Global=(Worker,DedicatedWorker),Exposed=DedicatedWorker]
interface DedicatedWorkerGlobalScope : WorkerGlobalScope {
};

[Exposed=(Window,DedicatedWorker,SharedWorker)]
interface Worker : EventTarget {
};

// Web IDL, https://webidl.spec.whatwg.org/

callback VoidFunction = undefined ();

typedef (Int8Array or Int16Array or Int32Array or
         Uint8Array or Uint16Array or Uint32Array or Uint8ClampedArray or
         BigInt64Array or BigUint64Array or
         Float16Array or Float32Array or Float64Array or DataView) ArrayBufferView;

[Exposed=*, Serializable]
interface DOMException { // but see below note about JavaScript binding
  constructor(optional DOMString message = "", optional DOMString name = "Error");
  readonly attribute DOMString name;
  readonly attribute DOMString message;
  readonly attribute unsigned short code;

  const unsigned short INDEX_SIZE_ERR = 1;
  const unsigned short DOMSTRING_SIZE_ERR = 2;
  const unsigned short HIERARCHY_REQUEST_ERR = 3;
  const unsigned short WRONG_DOCUMENT_ERR = 4;
  const unsigned short INVALID_CHARACTER_ERR = 5;
  const unsigned short NO_DATA_ALLOWED_ERR = 6;
  const unsigned short NO_MODIFICATION_ALLOWED_ERR = 7;
  const unsigned short NOT_FOUND_ERR = 8;
  const unsigned short NOT_SUPPORTED_ERR = 9;
  const unsigned short INUSE_ATTRIBUTE_ERR = 10;
  const unsigned short INVALID_STATE_ERR = 11;
  const unsigned short SYNTAX_ERR = 12;
  const unsigned short INVALID_MODIFICATION_ERR = 13;
  const unsigned short NAMESPACE_ERR = 14;
  const unsigned short INVALID_ACCESS_ERR = 15;
  const unsigned short VALIDATION_ERR = 16;
  const unsigned short TYPE_MISMATCH_ERR = 17;
  const unsigned short SECURITY_ERR = 18;
  const unsigned short NETWORK_ERR = 19;
  const unsigned short ABORT_ERR = 20;
  const unsigned short URL_MISMATCH_ERR = 21;
  const unsigned short QUOTA_EXCEEDED_ERR = 22;
  const unsigned short TIMEOUT_ERR = 23;
  const unsigned short INVALID_NODE_TYPE_ERR = 24;
  const unsigned short DATA_CLONE_ERR = 25;
};

// High Resolution Time, https://w3c.github.io/hr-time/

typedef double DOMHighResTimeStamp;

typedef unsigned long long EpochTimeStamp;

// WebSockets, https://websockets.spec.whatwg.org/

enum BinaryType { "blob", "arraybuffer" };

// File API, https://w3c.github.io/FileAPI/

[Exposed=(Window,Worker), Serializable]
interface Blob {
  readonly attribute unsigned long long size;
  readonly attribute DOMString type;
};

// Web Cryptography, https://w3c.github.io/webcrypto/

typedef (object or DOMString) AlgorithmIdentifier;

[SecureContext,Exposed=(Window,Worker),Serializable]
interface CryptoKey {
};

// Streams, https://streams.spec.whatwg.org/

[Exposed=*, Transferable]
interface ReadableStream {
};

[Exposed=*, Transferable]
interface WritableStream {
};

interface mixin GenericTransformStream {
  readonly attribute ReadableStream readable;
  readonly attribute WritableStream writable;
};

// WebCodecs, https://w3c.github.io/webcodecs/

enum EncodedVideoChunkType {
    "key",
    "delta",
};

dictionary VideoFrameMetadata {
  // Possible members are recorded in the VideoFrame Metadata Registry.
};

// Image Capture, https://w3c.github.io/mediacapture-image/

dictionary Point2D {
  double x = 0.0;
  double y = 0.0;
};

// Geometry, https://drafts.fxtf.org/geometry/

dictionary DOMRectInit {
    unrestricted double x = 0;
    unrestricted double y = 0;
    unrestricted double width = 0;
    unrestricted double height = 0;
};

// Permissions, https://w3c.github.io/permissions/

dictionary PermissionDescriptor {
  required DOMString name;
};
