namespace WebRtcConformance.Api;

/// <summary>The value of a promise that says no more than that it is done.</summary>
public readonly record struct IdlUndefined;

/// <summary>A promise without threads or clock: whoever made it settles it, and what waits runs at once, in the order of waiting. A script sees it through
/// a promise of its engine, whose own queue decides when the script's reactions run.</summary>
public sealed class IdlPromise<T>
{
    private List<(Action<T> Fulfilled, Action<IdlError> Rejected)>? _waiting;
    private T? _value;

    public bool IsPending => !IsFulfilled && Error is null;
    public bool IsFulfilled { get; private set; }

    /// <summary>Why it was rejected; null when it was not.</summary>
    public IdlError? Error { get; private set; }

    /// <exception cref="InvalidOperationException">It is not fulfilled.</exception>
    public T Value => IsFulfilled ? _value! : throw new InvalidOperationException("the promise is not fulfilled");

    public static IdlPromise<T> Resolved(T value)
    {
        var promise = new IdlPromise<T>();
        promise.Resolve(value);
        return promise;
    }

    public static IdlPromise<T> Rejected(IdlError error)
    {
        var promise = new IdlPromise<T>();
        promise.Reject(error);
        return promise;
    }

    /// <summary>Does nothing when it is settled already, as in ECMA-262.</summary>
    public void Resolve(T value)
    {
        if (!IsPending) return;
        (_value, IsFulfilled) = (value, true);
        foreach (var (fulfilled, _) in Waiting()) fulfilled(value);
    }

    /// <summary>Does nothing when it is settled already, as in ECMA-262.</summary>
    public void Reject(IdlError error)
    {
        if (!IsPending) return;
        Error = error;
        foreach (var (_, rejected) in Waiting()) rejected(error);
    }

    public void Then(Action<T> fulfilled, Action<IdlError> rejected)
    {
        if (IsFulfilled) fulfilled(_value!);
        else if (Error is not null) rejected(Error);
        else (_waiting ??= []).Add((fulfilled, rejected));
    }

    private List<(Action<T> Fulfilled, Action<IdlError> Rejected)> Waiting()
    {
        var waiting = _waiting ?? [];
        _waiting = null;
        return waiting;
    }
}
