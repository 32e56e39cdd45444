namespace WebRtcConformance.Generator.Linking;

/// <summary>Things by their codes, listed in the order of these. A sorted collection of the platform would be compiled anew for numbers, in each compiler that starts.</summary>
internal sealed class ByCode<T> where T : class
{
    private readonly Dictionary<ulong, T> _items = new();
    private ulong[]? _codes;

    public ulong[] Codes
    {
        get
        {
            if (_codes is not null) return _codes;
            _codes = new ulong[_items.Count];
            _items.Keys.CopyTo(_codes, 0);
            Array.Sort(_codes);
            return _codes;
        }
    }

    public IEnumerable<T> Values
    {
        get
        {
            foreach (var code in Codes) yield return _items[code];
        }
    }

    public bool ContainsKey(ulong code) => _items.ContainsKey(code);

    public T? Find(ulong code) => _items.TryGetValue(code, out var item) ? item : null;

    public void Add(ulong code, T item)
    {
        _items.Add(code, item);
        _codes = null;
    }
}
