"""Which files of a draft may be changed, and what a file of rules must be to be taken at all.

What is wrong with the rules themselves is told by the report; here is refused what the editor could not open
again, or what decides something else.
"""

from collections.abc import Iterator, Mapping

from motcua import rules
from motcua.procedures.queries import ProcedureView
from motcua.rules.model import Element, Table

from .findings import Finding, PackRefused, Said
from .reading import Pack

WORDS = "words.yaml"
SOURCES = "SOURCES.md"
# The serialization that editors write, and ours reads back.
EDITOR_NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def is_open_to_change(path: str, texts: Mapping[str, str]) -> bool:
    """Tell whether a designer may change the file: rules, their words, their sources, their examples."""
    if path in (WORDS, SOURCES):
        return True
    return path in texts and path.startswith(("decisions/", "examples/"))


def files_open_to_change(texts: Mapping[str, str]) -> tuple[str, ...]:
    """Return the files that a designer may change, the rules first."""
    found = {path for path in texts if is_open_to_change(path, texts)} | {WORDS}
    return tuple(sorted(found, key=lambda path: (not path.startswith("decisions/"), path)))


def check_model(pack: Pack, *, in_force: ProcedureView) -> None:
    """Refuse a file that cannot be read, or that does not decide what the service is decided by.

    Raises ``PackRefused``.
    """
    file, text = pack.model_file, pack.content.decision_model
    try:
        model = rules.load(text.encode())
    except rules.ModelRefused as error:
        raise PackRefused([_unreadable(file, error)]) from None
    findings = list(_strangers(file, model, in_force.model, _needed(in_force)))
    if findings:
        raise PackRefused(findings)


def _unreadable(file: str, error: rules.ModelRefused) -> Finding:
    named = f"{error.element}: " if error.element else ""
    return Finding(
        file,
        error.line or 0,
        Said(f"{named}{error.message}", f"không đọc được tệp quy tắc (máy đọc báo: {named}{error.message})"),
        Said(
            error.remedy,
            f"Hãy mở lại bản đang áp dụng và sửa từ đó, hoặc lưu lại từ trình soạn DMN. ({error.remedy})",
        ),
    )


def _needed(procedure: ProcedureView) -> tuple[str, ...]:
    manifest = procedure.content.manifest
    return (manifest.answering, *manifest.outputs) if manifest.decision else ()


def _strangers(
    file: str, model: rules.Model, standing: rules.Model, needed: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield why the model is that of something else."""
    space, known = model.loaded.definitions.namespace, standing.loaded.definitions.namespace
    if space != known:
        yield Finding(
            file,
            0,
            Said(
                f'the model has the namespace "{space}", that of the service is "{known}"',
                f"tệp mang không gian tên “{space}”, của dịch vụ này là “{known}”",
            ),
            Said("Upload the file of this service.", "Hãy tải lên tệp của đúng dịch vụ này."),
        )
    before, after = _decisions(standing), _decisions(model)
    for name in needed:
        if name not in after:
            yield Finding(
                file,
                0,
                Said(f'the decision "{name}" is missing', f"thiếu quyết định “{name}”"),
                Said(
                    "Keep the decisions that the service is decided by.",
                    "Giữ lại các quyết định mà dịch vụ dựa vào.",
                ),
            )
        elif name not in before:
            continue
        elif before[name].id != after[name].id:
            yield Finding(
                file,
                after[name].line,
                Said(
                    f'the decision "{name}" has the id {after[name].id}, that of the service is {before[name].id}',
                    f"quyết định “{name}” mang mã {after[name].id}, của dịch vụ này là {before[name].id}",
                ),
                Said("Keep the id of a decision.", "Giữ nguyên mã của quyết định."),
            )
        elif isinstance(before[name].expression, Table) and not isinstance(after[name].expression, Table):
            yield Finding(
                file,
                after[name].line,
                Said(f'the decision "{name}" has no table', f"quyết định “{name}” không còn bảng"),
                Said("Keep its table and change its rows.", "Giữ bảng và sửa các dòng của bảng."),
            )


def _decisions(model: rules.Model) -> dict[str, Element]:
    elements = model.loaded.definitions.elements.values()
    return {element.name: element for element in elements if element.kind == "decision"}
