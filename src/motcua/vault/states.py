"""Where a paper comes from, how a part of a dossier was provided, and the kinds of paper there are."""

from functools import cache
from pathlib import Path

import yaml
from django.db import models

from motcua.vault.checking.faults import Said


class Source(models.TextChoices):
    """How a paper came to be in the vault."""

    UPLOADED = "uploaded", "Người dân tải lên"
    RESULT = "result", "Kết quả của hồ sơ"
    REGISTER = "register", "Từ nguồn dữ liệu"


class Means(models.TextChoices):
    """How a part that the dossier asks for was provided; the first is digitized, the next two are reused."""

    UPLOADED = "uploaded", "Tải lên khi nộp"
    REUSED = "reused", "Dùng lại giấy đã có"
    DATA = "data", "Dữ liệu thay giấy"
    MISSING = "missing", "Chưa có"


@cache
def kinds() -> dict[str, Said]:
    """Return every kind of paper with its words, in the order in which they are offered."""
    text = (Path(__file__).parent / "kinds.yaml").read_text(encoding="utf-8")
    return {name: Said(words["vi"], words["en"]) for name, words in yaml.safe_load(text).items()}


def kind_in_words(kind: str) -> Said:
    """Return what a kind of paper is called; one that has been taken off the list keeps its name."""
    return kinds().get(kind, Said(kind, kind))
