"""What the check of a draft says: its faults, and every example with what came out."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from motcua import rules

from .checks import CHECKS
from .findings import Finding
from .folders import PackFolder
from .proof import Proven, prove
from .reading import Pack, pack_of


@dataclass(frozen=True, slots=True)
class Report:
    """Everything found; ``examples`` is empty while the rules cannot be run."""

    findings: tuple[Finding, ...]
    examples: tuple[Proven, ...]
    unreached: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What must be mended before anything can be installed."""
        return tuple(finding for finding in self.findings if finding.weight == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """What should be looked at."""
        return tuple(finding for finding in self.findings if finding.weight == "warning")

    @property
    def failed(self) -> tuple[Proven, ...]:
        """The examples that do not come out as written."""
        return tuple(each for each in self.examples if each.faults)

    @property
    def held(self) -> int:
        """How many examples come out as written."""
        return len(self.examples) - len(self.failed)

    @property
    def clean(self) -> bool:
        """Tell whether nothing stands in the way of an installation."""
        return bool(self.examples) and not (self.errors or self.failed or self.unreached)

    def with_findings(self, more: Iterable[Finding]) -> "Report":
        """Return the report with further findings."""
        return replace(self, findings=(*self.findings, *more))


def report_on(pack: Pack) -> Report:
    """Check the pack and run its examples; costs about a second for a large service."""
    findings = tuple(sorted({finding for check in CHECKS for finding in check(pack)}))
    broken = any(
        finding.weight == "error" and finding.file in (pack.model_file, "pack.yaml") for finding in findings
    )
    if broken and not _runs(pack):
        return Report(findings, (), ())
    proof = prove(pack)
    return Report(findings, proof.examples, proof.unreached)


def _runs(pack: Pack) -> bool:
    """Tell whether every decision that the service asks for is there to be asked."""
    try:
        model = rules.load(pack.content.decision_model.encode())
    except rules.ModelRefused:
        return False
    manifest = pack.content.manifest
    return manifest.decision is None or {manifest.answering, *manifest.outputs} <= set(model.decisions)


@lru_cache(maxsize=16)
def report_on_texts(code: str, texts: tuple[tuple[str, str], ...]) -> Report:
    """Return the report on the files of a draft, kept while nobody saves others."""
    return report_on(pack_of(PackFolder(code, dict(texts))))
