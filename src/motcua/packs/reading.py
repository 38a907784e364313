"""Reads a pack's folder into its content and examples, with the line of every part for later findings."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from motcua.procedures.content import (
    NO_DECISIONS,
    Content,
    CredentialLayout,
    DecisionWords,
    FactDeclaration,
    FeeSchedule,
    Form,
    IndicatorDefinition,
    Letter,
    Manifest,
    ResultLayout,
    Text,
    Workflow,
)
from motcua.procedures.forms import FormNotReadable, read_form

from .examples import ExampleFile
from .findings import Finding, PackRefused, did_you_mean
from .folders import PackFolder, read_folder
from .shapes import fit
from .texts import NotReadable, Sheet, read_json, read_yaml

FORM = "forms/request.json"


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as read: ``sheets`` keep the lines, ``sha256`` names exactly this content, ``texts`` are its files."""

    content: Content
    examples: dict[str, ExampleFile]
    sheets: dict[str, Sheet]
    sha256: str
    texts: dict[str, str]

    @property
    def model_file(self) -> str:
        """The path of the decision model inside the folder; where people decide, of what they decide by."""
        pointer = self.content.manifest.decision
        return pointer.model if pointer else "workflow.yaml"

    def line_of(self, file: str, *place: str | int) -> int:
        """Return the line of a part of a file."""
        return self.sheets[file].line_of(place) if file in self.sheets else 0


def read_pack(path: Path) -> Pack:
    """Read the folder of a pack; raises ``PackRefused`` with every fault of form."""
    return pack_of(read_folder(path))


def pack_of(folder: PackFolder) -> Pack:
    """Read a pack from its texts; raises ``PackRefused`` with every fault of form."""
    findings: list[Finding] = []
    sheets = dict(_sheets(folder, findings))
    parts = _Parts(folder, sheets, findings)
    content, examples = parts.content(), parts.examples()
    if findings or content is None:
        raise PackRefused(findings)
    return Pack(content, examples, sheets, sha256_of(folder), folder.texts)


def sha256_of(folder: PackFolder) -> str:
    """Return the hash of what a case depends on; sources and examples explain and prove, they do not run."""
    digest = hashlib.sha256()
    # Sorted here: what comes back from the database has an order of its own.
    for file, text in sorted(folder.texts.items()):
        if file != "SOURCES.md" and not file.startswith("examples/"):
            for part in (file.encode(), text.encode()):
                digest.update(len(part).to_bytes(8, "big") + part)
    return digest.hexdigest()


def _sheets(folder: PackFolder, findings: list[Finding]) -> Iterator[tuple[str, Sheet]]:
    for file, text in folder.texts.items():
        try:
            if file.endswith(".yaml"):
                yield file, read_yaml(file, text)
            elif file.endswith(".json"):
                yield file, read_json(file, text)
        except NotReadable as error:
            findings.append(error.finding)


Part = TypeVar("Part")


class _Parts:
    """Fits each file to its shape; what is missing or wrong goes to ``findings``."""

    def __init__(self, folder: PackFolder, sheets: dict[str, Sheet], findings: list[Finding]) -> None:
        self.folder, self.sheets, self.findings = folder, sheets, findings

    def content(self) -> Content | None:
        """Return the content, or None when a part is missing or does not fit."""
        manifest = self._one("pack.yaml", Manifest)
        workflow = self._one("workflow.yaml", Workflow)
        form = self._form()
        facts = self._one("facts.yaml", tuple[FactDeclaration, ...], optional=True)
        credential = self._one("credential.yaml", CredentialLayout, optional=True)
        words = self._one("words.yaml", Mapping[Text, DecisionWords], optional=True)  # type: ignore[type-abstract]  # pydantic takes the abstract type
        fees = self._one("fees.yaml", FeeSchedule, optional=True)
        result = self._one("result.yaml", ResultLayout, optional=True)
        letters = {Path(file).stem: self._one(file, Letter) for file in self.folder.under("letters")}
        indicators = [
            self._one(file, tuple[IndicatorDefinition, ...]) for file in self.folder.under("indicators")
        ]
        self._sources()
        model = self._model(manifest)
        if self.findings or manifest is None or workflow is None or form is None:
            return None
        return Content(
            manifest=manifest,
            form=form,
            facts=facts or (),
            workflow=workflow,
            credential=credential,
            letters={name: letter for name, letter in letters.items() if letter is not None},
            indicators=tuple(each for group in indicators for each in group or ()),
            decision_model=model,
            words=words or {},
            fees=fees,
            result=result,
        )

    def examples(self) -> dict[str, ExampleFile]:
        """Return the examples by file; a pack without any is refused."""
        files = self.folder.under("examples")
        if not files:
            self._missing(
                "examples/answers.yaml",
                "Write down cases and the answers they must get; they are the pack's tests",
            )
        read = {file: self._one(file, ExampleFile) for file in files}
        return {file: examples for file, examples in read.items() if examples is not None}

    def _one(self, file: str, shape: type[Part], *, optional: bool = False) -> Part | None:
        if file in self.sheets:
            return fit(shape, self.sheets[file], self.findings)
        if not optional and file not in self.folder.texts:
            self._missing(file, "Every pack has one; motcua packs new shows its shape")
        return None

    def _form(self) -> Form | None:
        if FORM not in self.sheets:
            if FORM not in self.folder.texts:
                self._missing(FORM, "Every pack has one; motcua packs new shows its shape")
            return None
        sheet = self.sheets[FORM]
        if not isinstance(sheet.value, dict):
            self.findings.append(Finding(FORM, 1, "a form is a JSON object", "Start with {."))
            return None
        try:
            return read_form(sheet.value)
        except FormNotReadable as error:
            pointer, _, problem = str(error).partition(": ")
            place = tuple(int(part) if part.isdigit() else part for part in pointer.split("/") if part)
            self.findings.append(
                Finding(
                    FORM,
                    sheet.line_of(place),
                    f"{pointer}: {problem}",
                    "Compare with docs/reference/packs.md.",
                )
            )
            return None

    def _model(self, manifest: Manifest | None) -> str:
        models = self.folder.under("decisions")
        if manifest is None:
            return ""
        wanted = manifest.decision.model if manifest.decision else None
        if wanted is not None and wanted not in models:
            line = self.sheets["pack.yaml"].line_of(("decision", "model"))
            self.findings.append(
                Finding(
                    "pack.yaml",
                    line,
                    f"decision.model: there is no file {wanted}",
                    did_you_mean(wanted, models),
                )
            )
        for file in models:
            if file != wanted:
                self.findings.append(
                    Finding(
                        file,
                        0,
                        "no decision of the service is read from this file",
                        "Remove it, or name it in pack.yaml under decision.model.",
                    )
                )
        return NO_DECISIONS if wanted is None else models.get(wanted, "")

    def _sources(self) -> None:
        if not self.folder.texts.get("SOURCES.md", "").strip():
            self._missing("SOURCES.md", "Name the law behind every rule, and who has confirmed it")

    def _missing(self, file: str, remedy: str) -> None:
        self.findings.append(Finding(file, 0, "the file is missing", f"{remedy}."))
