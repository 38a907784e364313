"""The design system in templates: ``{% load ui %}``.

Words: ``{% t "Tiếng Việt" "English" %}``, ``{{ text|words }}``, ``|when``, ``|day``, ``|number``, ``|vnd``, ``|term``.
Components: ``button``, ``field``, ``ask``, ``error_summary``, ``summary_list``, ``status_tag``, ``status_tag_of``,
``timeline``, ``steps``, ``pagination``, ``breadcrumbs``, ``back_link``, and around a body ``notification``,
``panel``, ``details``,
``inset``, ``warning``, each closed by ``end...``.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from motcua.procedures.content import FeeLine, Manifest
from motcua.procedures.queries import ProcedureView
from motcua.web.ui import words
from motcua.web.ui.assets import asset_url
from motcua.web.ui.components import (
    Choice,
    Crumb,
    FieldError,
    FieldView,
    Moment,
    Pages,
    Row,
    Step,
    Text,
    Widget,
    errors_of,
)
from motcua.web.ui.fee_words import fee_line_words, fee_words

register = template.Library()


@register.simple_tag
def t(vi: str, en: str, **values: object) -> SafeString:
    """Return the text in the language of the page; each ``{name}`` takes the escaped value of that name."""
    text = str(conditional_escape(en if words.current_language() == "en" else vi))
    if values:
        escaped = {name: str(conditional_escape(words.in_words(value))) for name, value in values.items()}
        text = re.sub(r"\{(\w+)\}", lambda match: escaped.get(match[1], match[0]), text)
    return mark_safe(text)  # noqa: S308  every part was escaped above


@register.filter(name="words")
def in_words(text: object) -> str:
    """Return a text of two languages in the language of the page."""
    return words.in_words(text)


@register.filter
def when(moment: datetime | None) -> str:
    """Return a moment with weekday and hour, or nothing."""
    return words.time_in_words(moment) if moment else ""


@register.filter
def day(moment: date | datetime | None) -> str:
    """Return a day with its weekday, or nothing."""
    return words.date_in_words(moment) if moment else ""


@register.filter
def short_day(moment: date | datetime | None) -> str:
    """Return a day without its weekday, or nothing."""
    return words.short_date(moment) if moment else ""


@register.filter
def number(value: float | Decimal) -> str:
    """Return a number with its groups as the language writes them."""
    return words.number_in_words(value)


@register.filter
def vnd(amount: int) -> str:
    """Return an amount of money, or the word for free."""
    if amount == 0:
        return words.in_words(words.Bilingual("Miễn phí", "Free of charge"))
    return (
        f"{words.number_in_words(amount)}\u00a0đồng"
        if words.current_language() == "vi"
        else (f"VND\u00a0{words.number_in_words(amount)}")
    )


@register.filter
def term(manifest: Manifest) -> words.Bilingual:
    """Return the time in which a service answers, in working days or hours as its pack gives it."""
    return words.term_in_words(manifest.within_working_days, manifest.within_working_hours)


@register.filter
def fee_in_short(service: ProcedureView) -> str:
    """Return what a service costs, in short."""
    return words.in_words(fee_words(service.content))


@register.filter
def fee_line_in_short(line: FeeLine) -> str:
    """Return what one line of a schedule of fees comes to."""
    return words.in_words(fee_line_words(line))


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a built file."""
    return asset_url(name)


@register.simple_tag
def in_demo() -> bool:
    """Tell whether this site is a demonstration with made-up data."""
    return bool(getattr(settings, "DEMO", False))


@register.simple_tag
def help_line() -> str:
    """Return the telephone number that answers citizens, or an empty text."""
    return str(getattr(settings, "HELP_LINE", ""))


@register.inclusion_tag("ui/components/button.html")
def button(
    vi: str,
    en: str,
    *,
    href: str = "",
    kind: str = "",
    name: str = "",
    value: str = "",
    download: bool = False,
    described_by: str = "",
) -> dict[str, object]:
    """Draw a button, or with ``href`` a link that looks like one; ``kind``: secondary, warning."""
    return {
        "text": words.Bilingual(vi, en),
        "href": href,
        "kind": kind,
        "name": name,
        "value": value,
        "download": download,
        "described_by": described_by,
    }


@register.inclusion_tag("ui/components/field.html")
def field(view: FieldView) -> dict[str, object]:
    """Draw one question with its hint, its error and what was answered."""
    return {"field": view}


@register.inclusion_tag("ui/components/field.html")
def ask(
    name: str,
    vi: str,
    en: str,
    *,
    widget: Widget = "text",
    value: str = "",
    hint_vi: str = "",
    hint_en: str = "",
    errors: Mapping[str, Text] | Iterable[FieldError] | None = None,
    choices: Iterable[Choice] = (),
    required: bool = True,
    max_length: int | None = None,
    autocomplete: str = "",
    inputmode: str = "",
) -> dict[str, object]:
    """Draw one question written in the template itself."""
    found = next((error.message for error in errors_of(errors) if error.name == name), "")
    view = FieldView(
        name=name,
        label=words.Bilingual(vi, en),
        widget=widget,
        value=value or "",
        hint=words.Bilingual(hint_vi, hint_en) if hint_vi else "",
        error=found,
        choices=tuple(choices),
        required=required,
        max_length=max_length,
        autocomplete=autocomplete,
        inputmode=inputmode,
    )
    return {"field": view}


@register.inclusion_tag("ui/components/error_summary.html")
def error_summary(errors: Mapping[str, Text] | Iterable[FieldError] | None) -> dict[str, object]:
    """Draw the list of mistakes that stands on top of a page, each a link to its field."""
    return {"errors": errors_of(errors)}


@register.inclusion_tag("ui/components/summary_list.html")
def summary_list(rows: Iterable[Row], classes: str = "") -> dict[str, object]:
    """Draw keys and values, with source and a way to change where there is one."""
    rows = tuple(rows)
    return {"rows": rows, "classes": classes, "changeable": any(row.change_url for row in rows)}


@register.simple_tag
def status_tag(text: Text, colour: str = "grey") -> SafeString:
    """Draw a word of state in a tinted pill."""
    return format_html('<strong class="govuk-tag govuk-tag--{}">{}</strong>', colour, words.in_words(text))


@register.simple_tag
def status_tag_of(vi: str, en: str, colour: str = "grey") -> SafeString:
    """Draw a word of state that the template itself has in both languages."""
    return status_tag(words.Bilingual(vi, en), colour)


@register.inclusion_tag("ui/components/timeline.html")
def timeline(moments: Iterable[Moment]) -> dict[str, object]:
    """Draw what happened and what comes next, in the order given."""
    return {"moments": tuple(moments)}


@register.inclusion_tag("ui/components/steps.html")
def steps(items: Iterable[Step]) -> dict[str, object]:
    """Draw the step bar of a form."""
    items = tuple(items)
    current = next((index for index, step in enumerate(items, 1) if step.state == "current"), 0)
    return {"steps": items, "current": current, "count": len(items)}


@register.inclusion_tag("ui/components/pagination.html")
def pagination(pages: Pages) -> dict[str, object]:
    """Draw the links between the pages of a long list; nothing if there is one page."""
    return {"pages": pages}


@register.inclusion_tag("ui/components/breadcrumbs.html")
def breadcrumbs(crumbs: Iterable[Crumb]) -> dict[str, object]:
    """Draw the way back."""
    return {"crumbs": tuple(crumbs)}


@register.inclusion_tag("ui/components/back_link.html")
def back_link(url: str) -> dict[str, object]:
    """Draw the link to the page before."""
    return {"url": url}


@register.simple_block_tag
def notification(content: str, vi: str = "Thông báo", en: str = "Notice", kind: str = "") -> SafeString:
    """Draw a banner; ``kind`` success is green and is read out at once."""
    return _around("notification", content, title=words.Bilingual(vi, en), kind=kind)


@register.simple_block_tag
def panel(content: str, vi: str, en: str) -> SafeString:
    """Draw the large confirmation after something was done."""
    return _around("panel", content, title=words.Bilingual(vi, en))


@register.simple_block_tag
def details(content: str, vi: str, en: str) -> SafeString:
    """Draw a line that opens to more."""
    return _around("details", content, title=words.Bilingual(vi, en))


@register.simple_block_tag
def inset(content: str) -> SafeString:
    """Draw a passage set apart."""
    return _around("inset", content)


@register.simple_block_tag
def warning(content: str) -> SafeString:
    """Draw a sentence that must not be missed."""
    return _around("warning", content)


def _around(component: str, content: str, **values: object) -> SafeString:
    # The content is what the block rendered, so it is escaped already.
    body = mark_safe(content)  # noqa: S308
    return mark_safe(render_to_string(f"ui/components/{component}.html", {"body": body, **values}))  # noqa: S308
