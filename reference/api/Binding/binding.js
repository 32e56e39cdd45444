// Installs the interfaces of the generated tables as Web IDL section 3.7 says, in any engine of ES2017 or later. The host (C#, IdlHost) runs members; it
// answers [failed, value], so that it never has to throw through the engine. The value of this script is a function (tables, host, global) that returns
// what the host needs of the engine.
(function (tables, host, global) {
  "use strict";
  var prototypes = {}, unforgeable = {};

  function answer(pair) {
    if (pair[0]) throw pair[1];
    return pair[1];
  }

  function length(fn, value) { return Object.defineProperty(fn, "length", { value: value, configurable: true }); }

  function operation(owner, index, member) {
    var made = { [member.name](...args) { return answer(host.call(owner, index, this, args)); } };
    return length(made[member.name], member.length);
  }

  function accessors(owner, index, member) {
    var getter = { get [member.name]() { return answer(host.get(owner, index, this)); } };
    var setter = { set [member.name](value) { answer(host.set(owner, index, this, [value])); } };
    var get = Object.getOwnPropertyDescriptor(getter, member.name).get, set = Object.getOwnPropertyDescriptor(setter, member.name).set;
    return { get: get, set: member.readOnly ? undefined : set };
  }

  function install(item) {
    var owner = item.name, parent = item.parent === null ? undefined : global[item.parent];
    var make = function (args, target, made) {
      var object = answer(host.construct(owner, args));
      if (target !== made) Object.setPrototypeOf(object, target.prototype);
      return object;
    };
    var made = parent === undefined
      ? { [owner]: class { constructor(...args) { return make(args, new.target, made); } } }[owner]
      : { [owner]: class extends parent { constructor(...args) { return make(args, new.target, made); } } }[owner];
    length(made, item.length);
    var prototype = made.prototype;
    if (owner === "DOMException") Object.setPrototypeOf(prototype, Error.prototype);
    Object.defineProperty(prototype, Symbol.toStringTag, { value: owner, configurable: true });
    prototypes[owner] = prototype;
    unforgeable[owner] = (unforgeable[item.parent] || []).slice();
    item.members.forEach(function (member, index) {
      var target = member.isStatic ? made : prototype;
      if (member.kind === "Constant") {
        [made, prototype].forEach(function (each) { Object.defineProperty(each, member.name, { value: member.value, enumerable: true }); });
      } else if (member.kind === "Operation") {
        Object.defineProperty(target, member.name, { value: operation(owner, index, member), writable: true, enumerable: true, configurable: true });
      } else if (member.unforgeable) {
        unforgeable[owner].push([member.name, accessors(owner, index, member)]);
      } else {
        Object.defineProperty(target, member.name, Object.assign(accessors(owner, index, member), { enumerable: true, configurable: true }));
      }
    });
    if (item.iterator !== null)
      Object.defineProperty(prototype, Symbol.iterator, { value: prototype[item.iterator], writable: true, configurable: true });
    if (item.visible) Object.defineProperty(global, owner, { value: made, writable: true, configurable: true });
  }

  tables.forEach(install);

  function guard(call) {
    try { return [false, call()]; } catch (error) { return [true, error]; }
  }

  var byteTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get;
  var byteLength = Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, "byteLength").get;

  return {
    iterator: Symbol.iterator,
    toPrimitive: Symbol.toPrimitive,
    get: function (object, key) { return guard(function () { return object[key]; }); },
    call: function (fn, self, args) { return guard(function () { return Reflect.apply(fn, self, args); }); },
    keys: function (object) { return guard(function () { return Reflect.ownKeys(object); }); },
    isEnumerable: function (object, key) {
      return guard(function () {
        var found = Reflect.getOwnPropertyDescriptor(object, key);
        return found !== undefined && found.enumerable;
      });
    },
    create: function (object, key, value) { Object.defineProperty(object, key, { value: value, writable: true, enumerable: true, configurable: true }); },
    newObject: function () { return {}; },
    newArray: function () { return Array.prototype.slice.call(arguments); },
    newIterator: function (array) { return array[Symbol.iterator](); },
    newFunction: function (name, size, body) {
      var made = { [name](...args) { return answer(body(args)); } };
      return length(made[name], size);
    },
    newPromise: function () {
      var made = {};
      made.promise = new Promise(function (resolve, reject) { made.resolve = resolve; made.reject = reject; });
      return [made.promise, made.resolve, made.reject];
    },
    follow: function (value, fulfilled, rejected) { return guard(function () { Promise.resolve(value).then(fulfilled, rejected); }); },
    wrap: function (name) {
      var object = Object.create(prototypes[name]);
      unforgeable[name].forEach(function (each) { Object.defineProperty(object, each[0], Object.assign({ enumerable: true }, each[1])); });
      return object;
    },
    newError: function (kind, message) {
      if (kind === "TypeError") return new TypeError(message);
      if (kind === "RangeError") return new RangeError(message);
      return guard(function () { return new global.DOMException(message, kind); })[1];
    },
    isCallable: function (object) { return typeof object === "function"; },
    // The name of the kind of buffer, which no script can forge; "" for other objects.
    bufferKind: function (object) {
      if (ArrayBuffer.isView(object)) return byteTag.call(object) || "DataView";
      return guard(function () { return byteLength.call(object); })[0] ? "" : "ArrayBuffer";
    },
    bytes: function (object) {
      return Array.from(ArrayBuffer.isView(object) ? new Uint8Array(object.buffer, object.byteOffset, object.byteLength) : new Uint8Array(object));
    }
  };
})
