"""Runs a pack's rules and credential layout over values that are given, without a database."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from motcua import rules
from motcua.procedures.content import ALLOTTED_NUMBER, Content, feel_name
from motcua.seals.keys import generate_key
from motcua.seals.passes import EXPIRES, IDENTITY, ISSUED, ISSUER, KIND, NOT_BEFORE, seal_pass

from .checks.scopes import decision_names
from .examples import Holder
from .findings import did_you_mean
from .reading import Pack

RuleNumber = tuple[str, int]
# A moment with as many digits as any that passes carry.
LATE = 4_000_000_000


@dataclass(frozen=True, slots=True)
class Tried:
    """A value and the rules that it took."""

    value: object
    hit: frozenset[RuleNumber]


class Trial:
    """One pack, loaded once, to be tried on many values."""

    def __init__(self, pack: Pack) -> None:
        self.content = pack.content
        self.model = rules.load(pack.content.decision_model.encode())
        self.names = decision_names(pack)
        self.dates = _date_names(pack.content)
        self.key = generate_key(now=datetime.fromtimestamp(LATE, UTC))

    def scope(self, given: Mapping[str, object]) -> dict[str, object]:
        """Return what is given by FEEL name and in FEEL's types; raises ``ValueError`` for an unknown name."""
        scope: dict[str, object] = {}
        for name, value in given.items():
            if feel_name(name) not in self.names:
                known = [each.replace(" ", "_") for each in self.names]
                raise ValueError(f"{name} is neither a field nor a fact. {did_you_mean(name, known)}")
            if feel_name(name) in self.dates and isinstance(value, str):
                scope[feel_name(name)] = date.fromisoformat(value)
            else:
                scope[feel_name(name)] = Decimal(str(value)) if isinstance(value, float) else value
        return scope

    def complete(self, scope: Mapping[str, object]) -> dict[str, object]:
        """Return the scope with null for every name that has no value, as conditions see it."""
        return {**dict.fromkeys(self.names), **scope}

    def decide(self, scope: Mapping[str, object]) -> tuple[str, str, frozenset[RuleNumber]]:
        """Return answer, reason and the rules hit; raises ``ValueError`` if the workflow has no such answer."""
        tried = self._value(self.content.manifest.answering, scope)
        value = tried.value if isinstance(tried.value, Mapping) else {}
        answer = value.get("answer")
        if not isinstance(answer, str) or answer not in self.content.workflow.answers:
            raise ValueError(f"the answer is {answer}, for which the workflow has no act")
        return answer, str(value.get("reason")), tried.hit

    def outputs(self, scope: Mapping[str, object]) -> dict[str, Tried]:
        """Return the value of each further output."""
        return {name: self._value(name, scope) for name in self.content.manifest.outputs}

    def carried(
        self, scope: Mapping[str, object], holder: Holder
    ) -> tuple[dict[str, object], dict[str, object]]:
        """Return the claims by name, and the validity; raises ``ValueError`` without a layout."""
        layout = self.content.credential
        if layout is None:
            raise ValueError("there is no credential.yaml")
        whole = self.whole(scope, holder)
        claims = {claim.name: rules.evaluate_feel(claim.value, whole) for claim in layout.claims}
        validity = {"valid_from": layout.valid_from, "valid_until": layout.valid_until}
        return claims, {part: rules.evaluate_feel(text, whole) for part, text in validity.items()}

    def whole(self, scope: Mapping[str, object], holder: Holder) -> dict[str, object]:
        """Return all that a layout's expressions see, with the holder of the example."""
        whole = {**scope, **{name: tried.value for name, tried in self.outputs(scope).items()}}
        whole |= {"holder name": holder.name, "birth year": holder.birth_year}
        whole |= {"case number": "H17-20210904-0000001"}
        if self.content.manifest.allotment is not None:
            whole[ALLOTTED_NUMBER] = 1
        for field in self.content.form.fields:
            name = feel_name(field.name)
            whole.setdefault(name, None)
            if field.widget == "place":
                # The path looks the name up; here the example gives it, or the code stands for it.
                whole[f"{name} name"] = holder.places.get(str(whole[name]), whole[name])
        return whole

    def sealed(self, claims: Mapping[str, object]) -> str:
        """Return the claims as the text of a QR, signed for trial; raises ``PassTooLong``."""
        layout = self.content.credential
        keys = {claim.name: claim.key for claim in layout.claims} if layout else {}
        standard: dict[int | str, object] = {
            ISSUER: "dn",
            EXPIRES: LATE,
            NOT_BEFORE: LATE,
            ISSUED: LATE,
            IDENTITY: bytes(4),
            KIND: layout.kind if layout else "",
        }
        carried: dict[int | str, object] = {
            keys[name]: int(each) if isinstance(each, Decimal) else each for name, each in claims.items()
        }
        return seal_pass({**standard, **carried}, self.key)

    def _value(self, decision: str, scope: Mapping[str, object]) -> Tried:
        known = {name: value for name, value in scope.items() if name in self.model.inputs}
        made = self.model(known, decision=decision)
        hit = frozenset((table.decision, hit.number) for table in made.why.tables for hit in table.hits)
        return Tried(made.value, hit)


def _date_names(content: Content) -> set[str]:
    fields = {feel_name(field.name) for field in content.form.fields if field.widget == "date"}
    return fields | {feel_name(fact.name) for fact in content.facts if fact.type == "date"} | {"today"}
