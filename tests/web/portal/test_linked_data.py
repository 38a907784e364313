"""The catalogue as linked data: both forms say the same, and say everything that CPSV-AP makes mandatory."""

from pathlib import Path
from typing import Any  # Any: the town's fixture type lives in conftest, which is not importable

import pytest
from django.test import Client
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from motcua.packs.reading import read_pack
from motcua.procedures.services import install_revision
from motcua.web.portal.graph import Link, Said, Thing, Typed, to_json_ld, to_turtle

# rdflib itself uses what it calls deprecated when it reads JSON-LD, and pyshacl when it copies a graph.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]
ROOT = Path(__file__).resolve().parents[3]
SHAPES = Path(__file__).parent / "cpsv_shapes.ttl"
CPSV, CV, DCT = (
    Namespace("http://purl.org/vocab/cpsv#"),
    Namespace("http://data.europa.eu/m8g/"),
    Namespace("http://purl.org/dc/terms/"),
)


@pytest.fixture
def services(town: Any, db: None) -> tuple[str, ...]:
    """Put two services in force: one that decides by rule, and one with papers, a fee and a term in days."""
    from datetime import UTC, datetime

    from motcua.agencies.services import register_agency
    from motcua.agencies.states import AgencyKind

    now = datetime.now(UTC)
    register_agency(
        code="ttpvhcc",
        name="Trung tâm Phục vụ hành chính công",
        name_en="",
        kind=AgencyKind.SERVICE_CENTRE,
        parent="dn",
        place_path="vn.p48",
        now=now,
    )
    pack = read_pack(ROOT / "packs" / "marital_status")
    install_revision(content=pack.content, sha256=pack.sha256, now=now)
    return "marital_status", "travel_pass"


def graph(form: str) -> Graph:
    answer = Client().get(f"/services/catalogue.{form}")
    assert answer.status_code == 200
    return Graph().parse(data=answer.content.decode(), format="turtle" if form == "ttl" else "json-ld")


def test_turtle_and_json_ld_say_the_same(services: tuple[str, ...]) -> None:
    assert isomorphic(graph("ttl"), graph("jsonld"))


def test_catalogue_fits_the_shapes(services: tuple[str, ...]) -> None:
    fits, _, why = validate(graph("ttl"), shacl_graph=Graph().parse(SHAPES), inference="none")

    assert fits, why


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (CPSV.PublicService, CV.hasCompetentAuthority),
        (CPSV.PublicService, DCT.title),
        (CPSV.PublicService, DCT.identifier),
        (CV.Cost, DCT.identifier),
        (CV.Requirement, DCT.title),
        (CV.PublicOrganisation, DCT.spatial),
    ],
)
def test_shapes_notice_what_is_missing(services: tuple[str, ...], kind: URIRef, missing: URIRef) -> None:
    whole = graph("ttl")
    subject = next(whole.subjects(RDF.type, kind))
    whole.remove((subject, missing, None))

    assert not validate(whole, shacl_graph=Graph().parse(SHAPES))[0]


def test_service_is_told_with_term_fee_and_law(services: tuple[str, ...]) -> None:
    whole = graph("ttl")
    (service,) = (
        each
        for each in whole.subjects(RDF.type, CPSV.PublicService)
        if str(whole.value(each, DCT.identifier)) == "marital_status"
    )

    assert str(whole.value(service, CV.processingTime)) == "P3D"
    (cost,) = whole.objects(service, CV.hasCost)
    assert str(whole.value(cost, CV.hasValue)) in ("15000", "15000.0")
    assert len(set(whole.objects(service, CV.hasLegalResource))) == 2
    assert len(set(whole.objects(service, CV.hasInputType))) == 2


def test_other_forms_are_not_there(services: tuple[str, ...]) -> None:
    assert Client().get("/services/catalogue.xml").status_code == 404


def test_text_cannot_break_out_of_its_place() -> None:
    hostile = 'a"@vi . <x:y> <x:z> "\\ \n\t\r <b> \u0000'.replace("\u0000", "")
    things = [
        Thing(
            'https://a.example/<x> "y"',
            ("foaf:Document",),
            (
                ("dct:title", Said(hostile, "vi")),
                ("dct:identifier", Typed(hostile)),
                ("dct:relation", Link("https://b.example/> <c")),
            ),
        )
    ]

    turtle = Graph().parse(data=to_turtle(things), format="turtle")
    json_ld = Graph().parse(data=to_json_ld(things), format="json-ld")

    assert isomorphic(turtle, json_ld)
    assert len(turtle) == 4
    assert Literal(hostile, lang="vi") in set(turtle.objects())
