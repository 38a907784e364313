"""Built-ins on contexts."""

from __future__ import annotations

from motcua.rules.builtins.registry import builtin
from motcua.rules.kinds import CONTEXT, LIST
from motcua.rules.values import Value


@builtin("get value(m|context: context, key: string)")
def get_value(context: dict[str, Value], key: str) -> Value:
    return context.get(key)


@builtin("get entries(m|context: context)", LIST)
def get_entries(context: dict[str, Value]) -> Value:
    return [{"key": key, "value": value} for key, value in context.items()]


@builtin("context(entries: list)", CONTEXT)
def context(entries: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for entry in entries:
        if type(entry) is not dict or type(entry.get("key")) is not str or "value" not in entry:
            return None
        if entry["key"] in made:
            return None
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)", CONTEXT)
def context_put(before: dict[str, Value], key: str, value: Value) -> Value:
    return {**before, key: value}


@builtin("context put(context: context, keys: list, value: any)", CONTEXT)
def context_put_deep(before: dict[str, Value], keys: list[Value], value: Value) -> Value:
    if not keys or any(type(key) is not str for key in keys):
        return None
    if len(keys) == 1:
        return {**before, keys[0]: value}
    inner = before.get(keys[0])
    if type(inner) is not dict:
        return None
    made = context_put_deep(inner, keys[1:], value)
    return None if made is None else {**before, keys[0]: made}


@builtin("context merge(contexts: list)", CONTEXT)
def context_merge(contexts: list[Value]) -> Value:
    made: dict[str, Value] = {}
    for one in contexts:
        if type(one) is not dict:
            return None
        made.update(one)
    return made
