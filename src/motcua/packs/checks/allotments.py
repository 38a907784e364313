"""An allotment: what it is counted for must be one of a few answers that everyone has to give."""

from collections.abc import Iterator

from ..findings import Finding, did_you_mean
from ..reading import Pack

FILE = "pack.yaml"
# A text or a number that people type would open a new lot for whoever types another.
CLOSED = ("select", "radios", "checkbox", "place", "date")


def check_allotment(pack: Pack) -> Iterator[Finding]:
    """Yield fields that are not there, may be left empty, or can be answered in any number of ways."""
    rule = pack.content.manifest.allotment
    if rule is None:
        return
    fields = {field.name: field for field in pack.content.form.fields}
    for index, pointer in enumerate(rule.per):
        name = pointer.partition(".")[2]
        line = pack.line_of(FILE, "allotment", "per", index)
        field = fields.get(name)
        if field is None:
            yield Finding(
                FILE, line, f"allotment.per: there is no field of the form {name}", did_you_mean(name, fields)
            )
        elif not field.required or field.show_if is not None:
            yield Finding(
                FILE,
                line,
                f"allotment.per: {name} may be left empty, and then nobody knows which lot is meant",
                "Make the field required and always shown.",
            )
        elif field.widget not in CLOSED:
            yield Finding(
                FILE,
                line,
                f"allotment.per: {name} is typed freely, so that each new spelling would open a new lot",
                "Ask it as select, radios, checkbox, place or date.",
            )
        elif pointer in rule.per[:index]:
            yield Finding(FILE, line, f"allotment.per: {pointer} stands twice", "Keep one of them.")
