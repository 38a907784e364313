"""The services as CPSV-AP 3.2 tells of public services: what, for whom, by which office and law, at what cost."""

from collections.abc import Iterator, Sequence

from motcua.agencies.queries import AgencyView
from motcua.fees.schedule import fee_lines
from motcua.procedures.content import Bilingual, FeeLine, Manifest
from motcua.procedures.queries import ProcedureView
from motcua.web.portal.graph import Link, Said, Thing, Typed, Value
from motcua.web.portal.life_events import event_in_words

VIETNAM = "http://publications.europa.eu/resource/authority/country/VNM"
DONG = "http://publications.europa.eu/resource/authority/currency/VND"
LANGUAGES = {
    "vi": "http://publications.europa.eu/resource/authority/language/VIE",
    "en": "http://publications.europa.eu/resource/authority/language/ENG",
}
# The class under which the profile's own shapes look for an administrative unit.
UNIT = "http://data.europa.eu/88u/dataset/atu-type"
NAME = Bilingual(vi="Danh mục dịch vụ công của thành phố", en="The city's catalogue of public services")
ABOUT = Bilingual(
    vi="Mọi dịch vụ đang áp dụng trên cổng, với điều kiện, phí, thời hạn và căn cứ pháp lý.",
    en="Every service in force on the portal, with requirements, fees, times and legal basis.",
)
ONLINE = Bilingual(vi="Nộp trực tuyến trên cổng", en="Online on the portal")
BY_RULE = Bilingual(vi="Bảng quyết định đã công bố", en="The published decision tables")
PORTAL = Bilingual(vi="Cổng dịch vụ công", en="The public service portal")
RESULT = Bilingual(vi="Kết quả giải quyết", en="The answer with its reasons")
Property = tuple[str, Value]


def catalogue(
    services: Sequence[ProcedureView], offices: dict[str, AgencyView], publisher: AgencyView | None, site: str
) -> list[Thing]:
    """Return the graph of the whole catalogue; ``offices`` by code, ``site`` is the address of the portal."""
    shared = _shared(publisher, site)
    parts = tuple(("dct:hasPart", Link(_service(site, each.code))) for each in services)
    whole = Thing(
        f"{site}/services/catalogue#catalogue",
        ("dcat:Dataset",),
        (
            *_both("dct:title", NAME),
            *_both("dct:description", ABOUT),
            ("dct:publisher", Link(f"{site}/services/#publisher")),
            ("dcat:landingPage", Link(f"{site}/services/")),
            *parts,
        ),
    )
    offices_named = {each.content.manifest.agency for each in services} & set(offices)
    events = sorted({event for each in services for event in each.content.manifest.life_events})
    return [
        whole,
        *shared,
        *(_office(offices[code], site) for code in sorted(offices_named)),
        *(_event(event, services, site) for event in events),
        *(thing for each in services for thing in _of_service(each, offices, site)),
    ]


def duration_of(manifest: Manifest) -> str:
    """Return the term as ISO 8601: working days as days, halves and hours as hours."""
    days = manifest.within_working_days
    if days is None:
        return f"PT{manifest.within_working_hours}H"
    if days == days.to_integral_value():
        return f"P{int(days)}D"
    return f"P{int(days)}DT4H" if days > 1 else "PT4H"


def _shared(publisher: AgencyView | None, site: str) -> list[Thing]:
    return [
        Thing(
            f"{site}/services/#publisher",
            ("foaf:Agent",),
            (
                ("dct:identifier", Typed(publisher.code if publisher else "portal")),
                *_both("dct:title", _name(publisher) if publisher else PORTAL),
            ),
        ),
        Thing(f"{site}/services/", ("foaf:Document",)),
        Thing(VIETNAM, (UNIT,)),
        Thing(DONG, ("skos:Concept",), (("skos:prefLabel", Said("đồng", "vi")),)),
        *(Thing(address, ("dct:LinguisticSystem",)) for address in LANGUAGES.values()),
    ]


def _office(office: AgencyView, site: str) -> Thing:
    return Thing(
        f"{site}/services/?agency={office.code}#office",
        ("cv:PublicOrganisation",),
        (
            ("dct:identifier", Typed(office.code)),
            *_both("skos:prefLabel", _name(office)),
            ("dct:spatial", Link(VIETNAM)),
        ),
    )


def _event(event: str, services: Sequence[ProcedureView], site: str) -> Thing:
    related = [each for each in services if event in each.content.manifest.life_events]
    return Thing(
        f"{site}/services/?event={event}#event",
        ("cv:Event", "cv:LifeEvent"),
        (
            ("dct:identifier", Typed(event)),
            *_both("dct:title", event_in_words(event)),
            *(("cv:hasRelatedService", Link(_service(site, each.code))) for each in related),
        ),
    )


def _of_service(service: ProcedureView, offices: dict[str, AgencyView], site: str) -> Iterator[Thing]:
    manifest, content = service.content.manifest, service.content
    page, about = f"{site}/services/{service.code}/", list[Property]()
    office = offices.get(manifest.agency)
    parts = list(_parts(service, page))
    about += [("dct:identifier", Typed(service.code))]
    about += [*_both("dct:title", manifest.title), *_both("dct:description", manifest.summary)]
    if office is not None:
        about.append(("cv:hasCompetentAuthority", Link(f"{site}/services/?agency={office.code}#office")))
    about += [("dct:language", Link(address)) for address in LANGUAGES.values()]
    about += [
        ("dcat:keyword", Said(word, "vi" if not word.isascii() else "und")) for word in manifest.keywords
    ]
    about.append(("cv:processingTime", Typed(duration_of(manifest), "xsd:duration")))
    about += [
        ("cv:isGroupedBy", Link(f"{site}/services/?event={each}#event")) for each in manifest.life_events
    ]
    about += [(predicate, Link(thing.address)) for predicate, thing in parts]
    if content.manifest.decision is not None:
        rule = _rule(service, page)
        about.append(("cpsv:follows", Link(rule.address)))
        yield rule
    about.append(("foaf:page", Link(page)))
    yield Thing(_service(site, service.code), ("cpsv:PublicService",), tuple(about))
    yield Thing(page, ("foaf:Document",))
    for _, thing in parts:
        yield thing


def _parts(service: ProcedureView, page: str) -> Iterator[tuple[str, Thing]]:
    """Yield what belongs to the service alone, with the way in which it does."""
    manifest, content = service.content.manifest, service.content
    for at, text in enumerate(manifest.requirements, 1):
        yield "cv:holdsRequirement", _named(f"{page}#requirement-{at}", "cv:Requirement", service, text)
    for at, text in enumerate(manifest.papers, 1):
        yield "cv:hasInputType", _named(f"{page}#paper-{at}", "cv:EvidenceType", service, text)
    for at, law in enumerate(manifest.legal_basis, 1):
        yield (
            "cv:hasLegalResource",
            Thing(
                f"{page}#law-{at}",
                ("eli:LegalResource",),
                (("dct:identifier", Typed(law.number)), *_both("dct:title", law.title)),
            ),
        )
    for line in fee_lines(content):
        yield "cv:hasCost", _cost(line, page)
    yield "cv:hasChannel", _named(f"{page}#online", "cv:Channel", service, ONLINE, told="dct:description")
    output = content.credential.title if content.credential else RESULT
    yield "cpsv:produces", _named(f"{page}#result", "cv:Output", service, output)


def _cost(line: FeeLine, page: str) -> Thing:
    said: list[Property] = [
        ("dct:identifier", Typed(line.code)),
        *_both("dct:description", line.label),
        ("cv:currency", Link(DONG)),
    ]
    if isinstance(line.amount, int):
        # The profile asks for a double; whole đồng are written as they are.
        said.append(("cv:hasValue", Typed(str(line.amount), "xsd:double")))
    return Thing(f"{page}#fee-{line.code}", ("cv:Cost",), tuple(said))


def _rule(service: ProcedureView, page: str) -> Thing:
    laws = len(service.content.manifest.legal_basis)
    return Thing(
        f"{page}rules/",
        ("cpsv:Rule",),
        (
            ("dct:identifier", Typed(f"{service.code}-{service.sha256[:12]}")),
            *_both("dct:title", BY_RULE),
            *_both("dct:description", service.content.manifest.purpose),
            *(("cpsv:implements", Link(f"{page}#law-{at}")) for at in range(1, laws + 1)),
        ),
    )


def _named(
    address: str, kind: str, service: ProcedureView, text: Bilingual, *, told: str = "dct:title"
) -> Thing:
    identifier = f"{service.code}-{address.rpartition('#')[2]}"
    return Thing(address, (kind,), (("dct:identifier", Typed(identifier)), *_both(told, text)))


def _service(site: str, code: str) -> str:
    return f"{site}/services/{code}/#service"


def _name(office: AgencyView) -> Bilingual:
    return Bilingual(vi=office.name, en=office.name_en or office.name)


def _both(predicate: str, text: Bilingual) -> tuple[Property, Property]:
    return (predicate, Said(text.vi, "vi")), (predicate, Said(text.en, "en"))
