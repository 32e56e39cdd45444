// Looks at interfaces as Web IDL section 3.7 says they appear, without side effects that last. ES2017, no imports.
// The rows are described in generator/src/WebIdl/Emit/ProbeEmitter.cs.
(function (rows) {
  "use strict";
  var root = typeof self !== "undefined" ? self : typeof global !== "undefined" ? global : Function("return this")();
  var exposure = typeof root.idlExposure === "object" ? root.idlExposure : ["Window"];
  var results = [];

  function show(value) {
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "function") return "function " + value.name;
    try { return String(value); } catch (error) { return typeof value; }
  }

  // Each probe answers "" when all is well, else what it found instead.
  function probe(id, look) {
    var observed;
    try { observed = look(); } catch (error) { observed = "threw " + show(error); }
    results.push({ id: "idl/" + id, ok: observed === "", observed: observed });
  }

  function same(actual, expected) { return actual === expected ? "" : show(actual) + " instead of " + show(expected); }

  // The flags of a property descriptor, as in "wec": writable, enumerable, configurable. An accessor has no w.
  function flags(found) { return (found.writable ? "w" : "") + (found.enumerable ? "e" : "") + (found.configurable ? "c" : ""); }

  function property(object, name, expected) {
    if (object === undefined || object === null) return "missing";
    var found = Object.getOwnPropertyDescriptor(object, name);
    return found === undefined ? "missing" : same(flags(found), expected);
  }

  function descriptor(object, name) {
    return object === undefined || object === null ? undefined : Object.getOwnPropertyDescriptor(object, name);
  }

  function throwsTypeError(call) {
    try { call(); } catch (error) { return error instanceof TypeError ? "" : "threw " + show(error); }
    return "did not throw";
  }

  function rejects(call) {
    var result = call();
    if (result === null || typeof result !== "object" || typeof result.then !== "function") return show(result) + " instead of a promise";
    result.then(function () {}, function () {});
    return "";
  }

  function isExposed(list) { return list.some(function (name) { return name === "*" || exposure.indexOf(name) >= 0; }); }
  function interfaceObject(name) { var found = Object.getOwnPropertyDescriptor(root, name); return found === undefined ? undefined : root[name]; }
  function prototype(name) { var object = interfaceObject(name); return object === undefined ? undefined : object.prototype; }

  function close(object) { if (object && typeof object.close === "function") object.close(); }
  function construct(name, args) {
    var Made = interfaceObject(name);
    var object = new Made(...args);
    close(object);
    return object;
  }

  // What is asked of the interface itself has an "@", as members may have any name.
  function interfaceProbes(name, parent, exposed, length, isGlobal) {
    if (!isExposed(exposed)) return;
    probe(name, function () {
      var wrong = property(root, name, "wc");
      return wrong !== "" ? wrong : same(typeof root[name], "function");
    });
    probe(name + "/@length", function () {
      var found = descriptor(interfaceObject(name), "length");
      return found === undefined ? "missing" : same(found.value, Math.max(length, 0));
    });
    probe(name + "/@name", function () {
      var found = descriptor(interfaceObject(name), "name");
      return found === undefined ? "missing" : same(found.value, name);
    });
    probe(name + "/@prototype", function () { return property(interfaceObject(name), "prototype", ""); });
    probe(name + "/@constructor", function () {
      var wrong = property(prototype(name), "constructor", "wc");
      return wrong !== "" ? wrong : same(prototype(name).constructor, interfaceObject(name));
    });
    probe(name + "/@parent", function () {
      if (interfaceObject(name) === undefined) return "missing";
      return same(Object.getPrototypeOf(interfaceObject(name)), parent === null ? Function.prototype : interfaceObject(parent));
    });
    probe(name + "/@chain", function () {
      if (prototype(name) === undefined) return "missing";
      var next = name === "DOMException" ? Error.prototype : Object.prototype;
      return same(Object.getPrototypeOf(prototype(name)), parent === null ? next : prototype(parent));
    });
    probe(name + "/@tag", function () {
      var wrong = property(prototype(name), Symbol.toStringTag, "c");
      return wrong !== "" ? wrong : same(prototype(name)[Symbol.toStringTag], name);
    });
    probe(name + "/@call", function () {
      var object = interfaceObject(name);
      return object === undefined ? "missing" : throwsTypeError(function () { object(); });
    });
    probe(name + "/@new", function () {
      if (interfaceObject(name) === undefined) return "missing";
      if (length !== 0) return throwsTypeError(function () { construct(name, []); });
      // Without arguments a constructor may still refuse what its defaults amount to, but it is there.
      try { return same(construct(name, []) instanceof interfaceObject(name), true); }
      catch (error) { return error instanceof TypeError && /illegal constructor/i.test(String(error)) ? "threw " + show(error) : ""; }
    });
  }

  // A static member stands on the interface object; an unforgeable one on each instance, where nothing is looked at.
  function holder(name, flag) { return flag.indexOf("s") >= 0 ? interfaceObject(name) : prototype(name); }

  function attributeProbes(owner, name, flag, exposed) {
    if (!isExposed(exposed) || flag.indexOf("u") >= 0) return;
    var id = owner + "/" + name, isStatic = flag.indexOf("s") >= 0;
    probe(id, function () { return property(holder(owner, flag), name, "ec"); });
    probe(id + "/get", function () {
      var found = descriptor(holder(owner, flag), name);
      if (found === undefined || found.get === undefined) return "missing";
      var wrong = same(found.get.length, 0);
      return wrong !== "" ? "length " + wrong : same(found.get.name, "get " + name);
    });
    probe(id + "/set", function () {
      var found = descriptor(holder(owner, flag), name);
      if (found === undefined) return "missing";
      if (flag.indexOf("r") >= 0) return same(found.set, undefined);
      if (found.set === undefined) return "missing";
      var wrong = same(found.set.length, 1);
      return wrong !== "" ? "length " + wrong : same(found.set.name, "set " + name);
    });
    if (isStatic) return;
    probe(id + "/brand", function () {
      var found = descriptor(holder(owner, flag), name);
      if (found === undefined || found.get === undefined) return "missing";
      var call = function () { return found.get.call({}); };
      return flag.indexOf("p") >= 0 ? rejects(call) : throwsTypeError(call);
    });
  }

  function operationProbes(owner, name, length, flag, exposed) {
    if (!isExposed(exposed) || flag.indexOf("u") >= 0) return;
    var id = owner + "/" + name;
    probe(id, function () {
      var wrong = property(holder(owner, flag), name, "wec");
      return wrong !== "" ? wrong : same(typeof holder(owner, flag)[name], "function");
    });
    probe(id + "/length", function () {
      var found = descriptor(holder(owner, flag), name);
      return found === undefined ? "missing" : same(found.value.length, length);
    });
    probe(id + "/name", function () {
      var found = descriptor(holder(owner, flag), name);
      return found === undefined ? "missing" : same(found.value.name, name);
    });
    if (flag.indexOf("s") >= 0) {
      if (length > 0) probe(id + "/arguments", function () {
        var found = descriptor(holder(owner, flag), name);
        if (found === undefined) return "missing";
        var call = function () { return found.value.call(interfaceObject(owner)); };
        return flag.indexOf("p") >= 0 ? rejects(call) : throwsTypeError(call);
      });
      return;
    }
    probe(id + "/brand", function () {
      var found = descriptor(holder(owner, flag), name);
      if (found === undefined) return "missing";
      var call = function () { return found.value.call({}); };
      return flag.indexOf("p") >= 0 ? rejects(call) : throwsTypeError(call);
    });
  }

  function constantProbes(owner, name, value, exposed) {
    if (!isExposed(exposed)) return;
    [["", interfaceObject(owner)], ["/prototype", prototype(owner)]].forEach(function (place) {
      probe(owner + "/" + name + place[0], function () {
        var wrong = property(place[1], name, "e");
        return wrong !== "" ? wrong : same(place[1][name], value);
      });
    });
  }

  function collectionProbes(owner, kind, readOnly, hasKeys, exposed) {
    if (!isExposed(exposed)) return;
    var lengths = { entries: 0, keys: 0, values: 0, forEach: 1 };
    if (kind !== "iterable") lengths.has = 1;
    if (kind === "maplike") lengths.get = 1;
    if (kind !== "iterable" && !readOnly) {
      lengths.delete = 1;
      lengths.clear = 0;
      if (kind === "maplike") lengths.set = 2; else lengths.add = 1;
    }
    Object.keys(lengths).forEach(function (name) { operationProbes(owner, name, lengths[name], "", exposed); });
    if (kind !== "iterable") attributeProbes(owner, "size", "r", exposed);
    probe(owner + "/@@iterator", function () {
      var wrong = property(prototype(owner), Symbol.iterator, "wc");
      return wrong !== "" ? wrong : same(prototype(owner)[Symbol.iterator], prototype(owner)[hasKeys ? "entries" : "values"]);
    });
  }

  // Builds the dictionary with a getter for each member, and notes which are read, in order.
  function readOrder(owner, before, least, members) {
    var read = [], dictionary = {};
    members.forEach(function (member) {
      Object.defineProperty(dictionary, member, { enumerable: true, get: function () { read.push(member); return least[member]; } });
    });
    try { construct(owner, before.concat([dictionary])); } catch (error) { /* what was read before counts */ }
    return read;
  }

  function dictionaryProbes(name, owner, before, least, members, own, whole, exposed) {
    if (!isExposed(exposed)) return;
    var read;
    function once() { return read || (read = interfaceObject(owner) === undefined ? [] : readOrder(owner, before, least, members)); }
    own.forEach(function (member) {
      probe(name + "/" + member + "/read", function () {
        var times = once().filter(function (each) { return each === member; }).length;
        return times === 1 ? "" : "read " + times + " times";
      });
    });
    if (whole) probe(name + "/@order", function () {
      var found = once(), expected = members.filter(function (member) { return found.indexOf(member) >= 0; });
      return found.length === 0 && members.length > 0 ? "nothing was read" : same(found.join(), expected.join());
    });
  }

  function enumProbes(name, owner, before, least, member, values, exposed) {
    if (!isExposed(exposed)) return;
    function given(value) {
      var dictionary = Object.assign({}, least);
      dictionary[member] = value;
      construct(owner, before.concat([dictionary]));
    }
    values.forEach(function (value) {
      probe(name + "/" + member + "/enum/" + value, function () {
        if (interfaceObject(owner) === undefined) return "missing";
        try { given(value); } catch (error) { return error instanceof TypeError ? "threw " + show(error) : ""; }
        return "";
      });
    });
    probe(name + "/" + member + "/enum", function () {
      return interfaceObject(owner) === undefined ? "missing" : throwsTypeError(function () { given("no value of the enumeration"); });
    });
  }

  var kinds = { i: interfaceProbes, a: attributeProbes, o: operationProbes, c: constantProbes, m: collectionProbes, d: dictionaryProbes, e: enumProbes };
  rows.forEach(function (row) { kinds[row[0]].apply(null, row.slice(1)); });
  return JSON.stringify(results);
})
