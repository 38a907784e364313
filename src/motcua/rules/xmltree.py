"""Reads XML into a plain tree with line numbers; no entities, no DTD, no network, bounded."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.parsers import expat

from motcua.rules.errors import ModelRefused

LARGEST_FILE = 4 * 1024 * 1024
DEEPEST = 200
MOST_ELEMENTS = 200_000
# The picture of a model, often half of its file, decides nothing: its elements are counted and left out.
DRAWING = "DMNDI"


@dataclass(slots=True)
class Element:
    """One element: local name, namespace, attributes by local name, children, text, place."""

    tag: str
    namespace: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def get(self, name: str) -> str | None:
        """Return an attribute, or None."""
        return self.attributes.get(name)

    def first(self, tag: str) -> Element | None:
        """Return the first child of that name, or None."""
        return next((child for child in self.children if child.tag == tag), None)

    def all(self, *tags: str) -> list[Element]:
        """Return the children of these names."""
        return [child for child in self.children if child.tag in tags]

    def child_text(self, tag: str) -> str | None:
        """Return the text of the first child of that name, or None."""
        found = self.first(tag)
        return None if found is None else found.text


class _Builder:
    """Takes the events of one parse."""

    def __init__(self, file: str | None) -> None:
        self.file = file
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text
        # A document type is refused as it opens, so no entity is ever declared.
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.stack: list[Element] = []
        self.texts: list[list[str]] = []
        self.root: Element | None = None
        self.count = 0
        self.drawn = 0

    def refused(self, message: str, remedy: str) -> ModelRefused:
        return ModelRefused(
            message,
            remedy=remedy,
            file=self.file,
            line=self.parser.CurrentLineNumber,
            column=self.parser.CurrentColumnNumber + 1,
        )

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MOST_ELEMENTS or len(self.stack) >= DEEPEST:
            raise self.refused("the file has too many or too deeply nested elements", "Split the model.")
        if self.drawn:
            self.drawn += 1
            return
        namespace, _, tag = name.rpartition(" ")
        if tag == DRAWING:
            self.drawn = 1
            return
        for key in [key for key in attributes if " " in key]:
            attributes[key.rpartition(" ")[2]] = attributes.pop(key)
        element = Element(
            tag,
            namespace,
            attributes,
            self.parser.CurrentLineNumber,
            self.parser.CurrentColumnNumber + 1,
        )
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)
        self.texts.append([])

    def end(self, name: str) -> None:
        if self.drawn:
            self.drawn -= 1
        else:
            self.stack.pop().text = "".join(self.texts.pop())

    def text(self, text: str) -> None:
        if self.stack and not self.drawn:
            self.texts[-1].append(text)

    def doctype(self, name: str, system: str | None, public: str | None, internal: bool) -> None:
        raise self.refused("the file declares a document type or entities", "Remove the <!DOCTYPE ...>.")


def read_xml(content: bytes, file: str | None = None) -> Element:
    """Read one document.

    Raises ModelRefused for what is too large or too deep, has a DTD, or is not well formed.
    """
    if len(content) > LARGEST_FILE:
        raise ModelRefused(
            f"the file has {len(content):,} bytes, more than {LARGEST_FILE:,}",
            remedy="Split the model, or keep long lists as facts.",
            file=file,
        )
    builder = _Builder(file)
    try:
        builder.parser.Parse(content, True)
    except (ValueError, LookupError) as error:
        raise ModelRefused(
            f"the file is written in an encoding that is not read ({error})",
            remedy="Save it as UTF-8.",
            file=file,
            line=1,
            column=1,
        ) from error
    except expat.ExpatError as error:
        raise ModelRefused(
            f"the file is not well-formed XML ({expat.ErrorString(error.code)})",
            remedy="Open it in a DMN editor and save it again.",
            file=file,
            line=error.lineno,
            column=error.offset + 1,
        ) from error
    if builder.root is None:
        raise ModelRefused("the file is empty", remedy="Save the model again.", file=file)
    return builder.root
