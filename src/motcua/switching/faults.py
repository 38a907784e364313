"""Why a dry run did not end, as its row keeps it and as a leader reads it."""

import json

from motcua.directives.complaints import Words


class RunRefused(ValueError):
    """A run that cannot be worked out for a reason that a leader can have mended; says what and how."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


def kept(fault: Exception) -> str:
    """Return what may be shown: our own refusals speak of packs and registers, a database's may quote a row."""
    if isinstance(fault, RunRefused):
        return json.dumps({"vi": fault.words.vi, "en": fault.words.en}, ensure_ascii=False)
    ours = type(fault).__module__.startswith("motcua.")
    return f"{type(fault).__name__}: {fault}" if ours else type(fault).__name__


def told(fault: str) -> Words:
    """Return what was kept in words; a fault of the machine keeps its own name, for whoever operates it."""
    if fault.startswith("{"):
        words = json.loads(fault)
        return Words(words["vi"], words["en"])
    return Words(
        f"Lỗi ngoài dự liệu ({fault}). Hãy báo người vận hành hệ thống, rồi chạy thử lại.",
        f"An unforeseen fault ({fault}). Tell whoever operates the system, then run it again.",
    )
