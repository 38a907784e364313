"""What a tablet carries into the field: services, their questions, the places, and the words of each consent."""

from collections.abc import Mapping
from datetime import date

from motcua.agencies.queries import AgencyView, agencies_by_code, places_now
from motcua.procedures.content import Bilingual, Content, Form, FormField
from motcua.procedures.forms import REPLACED_BY_DATA
from motcua.procedures.queries import ProcedureView, search_services
from motcua.teams.consent import consent_words
from motcua.teams.queries import Membership
from motcua.vault.states import kind_in_words
from motcua.web.teams.conditions import tree_of

Json = dict[str, object]


def catalogue(member: Membership, today: date) -> Json:
    """Return everything that the device needs to fill in forms by itself; three queries."""
    services = [service for service in search_services() if service.content.form.fields]
    agencies = agencies_by_code({service.content.manifest.agency for service in services})
    return {
        "services": [service_json(service, member, agencies) for service in services],
        "places": [[place.code, place.name] for place in places_now(today)],
    }


def service_json(service: ProcedureView, member: Membership, agencies: Mapping[str, AgencyView]) -> Json:
    """Return one service as the device keeps it."""
    content = service.content
    manifest = content.manifest
    office = agencies.get(manifest.agency)
    words = consent_words(
        content,
        member=member.name,
        team=member.team,
        agency=office.name if office else manifest.agency,
        agency_en=office.name_en if office else manifest.agency,
    )
    return {
        "code": service.code,
        "revision": service.number,
        "title": _both(manifest.title),
        "summary": _both(manifest.summary),
        "consent": {"vi": list(words.vi), "en": list(words.en), "seal": words.seal},
        "steps": _steps(content),
    }


def _steps(content: Content) -> list[Json]:
    return [
        {
            "name": step.name,
            "label": _both(step.label),
            "fields": [field_json(field, content.form) for field in step.fields],
        }
        for step in content.form.steps
    ]


def field_json(field: FormField, form: Form) -> Json:
    """Return one question; what is absent has its usual value."""
    kind = kind_in_words(field.paper.kind) if field.paper else None
    whole: Json = {
        "name": field.name,
        "label": _both(field.label),
        "help": _both(field.help) if field.help else None,
        "type": field.type,
        "widget": field.widget,
        "required": field.required,
        "options": [{"value": each.value, "label": _both(each.label)} for each in field.options],
        "minLength": field.min_length,
        "maxLength": field.max_length,
        "minimum": field.minimum,
        "maximum": field.maximum,
        "pattern": field.pattern,
        "patternHint": _both(field.pattern_hint) if field.pattern_hint else None,
        "showIf": tree_of(field, form),
        # A condition that only the server can judge: the question is asked and may be left open.
        "conditional": field.show_if is not None,
        "kind": {"vi": kind.vi, "en": kind.en} if kind else None,
        "data": REPLACED_BY_DATA if field.paper and field.paper.replaced_by else None,
    }
    return {name: value for name, value in whole.items() if value not in (None, [], False)}


def _both(text: Bilingual) -> dict[str, str]:
    return {"vi": text.vi, "en": text.en}
