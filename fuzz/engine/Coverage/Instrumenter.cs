using dnlib.DotNet;
using dnlib.DotNet.Emit;

namespace WebRtcConformance.Fuzz.Coverage;

/// <summary>Rewrites an assembly so that it counts its own blocks: one byte each, numbered densely, in native memory. Every block of a method
/// begins with "counters[n]++". Loses nothing else: names, debugging symbols aside, stay.</summary>
public static class Instrumenter
{
    /// <summary>The type that is added to an instrumented assembly, and its fields: the address and the number of counters.</summary>
    public const string CountersType = "WebRtcConformance.Instrumented.Counters", StartField = "Start", CountField = "Count";

    /// <summary>Instruments <paramref name="source"/> into <paramref name="destination"/>; returns the number of counters.</summary>
    /// <param name="select">Which types' methods are counted, by full name.</param>
    public static int Instrument(string source, string destination, Func<string, bool> select)
    {
        using var module = ModuleDefMD.Load(File.ReadAllBytes(source));
        var (type, start, count) = AddCounters(module);
        var blocks = 0;
        foreach (var method in module.GetTypes().Where(t => t != type && select(t.FullName)).SelectMany(t => t.Methods))
            if (method.HasBody && method.Body.HasInstructions) blocks = Count(method.Body, start, blocks);
        AddInitializer(module, type, start, count, blocks);
        module.Write(destination);
        return blocks;
    }

    private static (TypeDef Type, FieldDef Start, FieldDef Count) AddCounters(ModuleDef module)
    {
        var at = CountersType.LastIndexOf('.');
        var type = new TypeDefUser(CountersType[..at], CountersType[(at + 1)..], module.CorLibTypes.Object.TypeDefOrRef)
        {
            Attributes = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit,
        };
        const FieldAttributes attributes = FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly;
        // "static readonly": once the class is initialised the JIT compiler takes the address for a constant.
        var start = new FieldDefUser(StartField, new FieldSig(new PtrSig(module.CorLibTypes.Byte)), attributes);
        var count = new FieldDefUser(CountField, new FieldSig(module.CorLibTypes.Int32), attributes);
        type.Fields.Add(start);
        type.Fields.Add(count);
        module.Types.Add(type);
        return (type, start, count);
    }

    private static void AddInitializer(ModuleDef module, TypeDef type, FieldDef start, FieldDef count, int blocks)
    {
        var marshal = new TypeRefUser(module, "System.Runtime.InteropServices", "NativeMemory", RuntimeInterop(module));
        var allocate = new MemberRefUser(module, "AllocZeroed",
            MethodSig.CreateStatic(new PtrSig(module.CorLibTypes.Void), module.CorLibTypes.UIntPtr), marshal);
        var body = new CilBody();
        body.Instructions.Add(OpCodes.Ldc_I4.ToInstruction((blocks + 31) & ~31));
        body.Instructions.Add(OpCodes.Conv_U.ToInstruction());
        body.Instructions.Add(OpCodes.Call.ToInstruction(allocate));
        body.Instructions.Add(OpCodes.Stsfld.ToInstruction(start));
        body.Instructions.Add(OpCodes.Ldc_I4.ToInstruction(blocks));
        body.Instructions.Add(OpCodes.Stsfld.ToInstruction(count));
        body.Instructions.Add(OpCodes.Ret.ToInstruction());
        type.Methods.Add(new MethodDefUser(".cctor", MethodSig.CreateStatic(module.CorLibTypes.Void),
            MethodImplAttributes.IL | MethodImplAttributes.Managed,
            MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName | MethodAttributes.HideBySig)
        { Body = body });
    }

    private static AssemblyRef RuntimeInterop(ModuleDef module)
    {
        const string name = "System.Runtime.InteropServices";
        if (module.GetAssemblyRefs().FirstOrDefault(reference => reference.Name == name) is { } known) return known;
        var core = module.CorLibTypes.AssemblyRef;
        return module.UpdateRowId(new AssemblyRefUser(name, core.Version, core.PublicKeyOrToken));
    }

    /// <summary>Puts a count at the head of every block of one method; returns the next free number.</summary>
    private static int Count(CilBody body, FieldDef start, int next)
    {
        body.SimplifyBranches();
        var heads = new HashSet<Instruction> { body.Instructions[0] };
        foreach (var instruction in body.Instructions)
        {
            if (instruction.Operand is Instruction target) heads.Add(target);
            else if (instruction.Operand is Instruction[] targets) heads.UnionWith(targets);
        }
        for (var i = 0; i + 1 < body.Instructions.Count; i++)
            if (body.Instructions[i].OpCode.FlowControl == FlowControl.Cond_Branch) heads.Add(body.Instructions[i + 1]);
        foreach (var handler in body.ExceptionHandlers)
        {
            heads.Add(handler.HandlerStart);
            if (handler.FilterStart is not null) heads.Add(handler.FilterStart);
        }
        for (var i = 0; i < body.Instructions.Count; i++)
        {
            var head = body.Instructions[i];
            if (!heads.Contains(head)) continue;
            // The head keeps its identity (branches lead to it) and becomes the first instruction of the count; its old self follows.
            var old = new Instruction(head.OpCode, head.Operand) { SequencePoint = head.SequencePoint };
            head.OpCode = OpCodes.Ldsfld;
            head.Operand = start;
            Instruction[] rest =
            [
                OpCodes.Ldc_I4.ToInstruction(next++), OpCodes.Conv_I.ToInstruction(), OpCodes.Add.ToInstruction(), OpCodes.Dup.ToInstruction(),
                OpCodes.Ldind_U1.ToInstruction(), OpCodes.Ldc_I4_1.ToInstruction(), OpCodes.Add.ToInstruction(), OpCodes.Conv_U1.ToInstruction(),
                OpCodes.Stind_I1.ToInstruction(), old,
            ];
            for (var k = 0; k < rest.Length; k++) body.Instructions.Insert(i + 1 + k, rest[k]);
            i += rest.Length;
        }
        body.KeepOldMaxStack = false;
        body.OptimizeBranches();
        return next;
    }
}
