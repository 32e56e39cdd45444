using System.Reflection;
using System.Reflection.Emit;
using WebRtcConformance.Lab.Cases;
using CaseLab = WebRtcConformance.Lab.Lab;

namespace WebRtcConformance.Conformance.Tests.Lab;

/// <summary>The registry against assemblies made for one test each, with one mistake in each.</summary>
public class CaseRegistryTests
{
    private readonly AssemblyBuilder _assembly;
    private readonly ModuleBuilder _module;

    public CaseRegistryTests()
    {
        _assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("cases-of-a-test"), AssemblyBuilderAccess.RunAndCollect);
        _module = _assembly.DefineDynamicModule("cases");
    }

    [Fact]
    public void A_good_case_is_expanded_in_the_order_of_its_parameters_names()
    {
        Define("Good", Case("a/b/good"), About, Covers("R:1-1", "R:1-2"), Matrix("role", "x", "y"), Matrix("family", "4", "6"));
        var found = CaseRegistry.Discover(_assembly);
        Assert.Equal(["a/b/good[4,x]", "a/b/good[4,y]", "a/b/good[6,x]", "a/b/good[6,y]"], found.Select(c => c.Id));
        Assert.All(found, c => Assert.Equal("a/b/good", c.Slug));
        Assert.Equal(["R:1-1", "R:1-2"], found[0].Requirements);
        Assert.Equal(("6", "y", "a"), (found[3].Parameters["family"], found[3].Parameters["role"], found[3].Area));
    }

    [Fact]
    public void Neither_Covers_nor_Robustness() => Refused("NoLink needs either [Covers] or [Robustness]", "NoLink", Case("a/b/c"), About);

    [Fact]
    public void Both_Covers_and_Robustness() => Refused("needs either [Covers] or [Robustness]", "Both", Case("a/b/c"), About, Covers("R:1-1"), Robustness);

    [Fact]
    public void Without_About() => Refused("add [About] to Mute", "Mute", Case("a/b/c"), Covers("R:1-1"));

    [Theory]
    [InlineData("a")]
    [InlineData("a/B/c")]
    [InlineData("a/b_c/d")]
    [InlineData("a//c")]
    [InlineData("a/b/c/d/e")]
    [InlineData("a/b/c-")]
    [InlineData("a/b/c[x]")]
    public void A_bad_slug(string id) => Refused($"case id '{id}' is not area/topic/what in kebab case", "Bad", Case(id), About, Robustness);

    [Fact]
    public void Two_cases_of_one_name()
    {
        Define("One", Case("a/b/c"), About, Robustness);
        Refused("two cases are called 'a/b/c'", "Two", Case("a/b/c"), About, Robustness);
    }

    [Fact]
    public void One_matrix_value_twice() => Refused("two cases are called 'a/b/c[x]'", "Twice", Case("a/b/c"), About, Robustness, Matrix("role", "x", "x"));

    private static CustomAttributeBuilder About => Make<AboutAttribute>("Shows something.");
    private static CustomAttributeBuilder Robustness => Make<RobustnessAttribute>();
    private static CustomAttributeBuilder Case(string id) => Make<CaseAttribute>(id);
    private static CustomAttributeBuilder Covers(params string[] ids) => Make<CoversAttribute>((object)ids);
    private static CustomAttributeBuilder Matrix(string name, params string[] values) => Make<MatrixAttribute>(name, values);
    private static CustomAttributeBuilder Make<T>(params object[] arguments) => new(typeof(T).GetConstructors().Single(), arguments);

    private void Refused(string why, string name, params CustomAttributeBuilder[] attributes)
    {
        Define(name, attributes);
        Assert.Contains(why, Assert.Throws<InvalidOperationException>(() => CaseRegistry.Discover(_assembly)).Message);
    }

    private void Define(string name, params CustomAttributeBuilder[] attributes)
    {
        var type = _module.DefineType("Type" + name, TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var method = type.DefineMethod(name, MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(CaseLab)]);
        method.GetILGenerator().Emit(OpCodes.Ret);
        foreach (var attribute in attributes) method.SetCustomAttribute(attribute);
        type.CreateType();
    }
}
