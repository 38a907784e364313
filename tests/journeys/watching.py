"""What a browser complains about, and what a page brings that it should not."""

from html.parser import HTMLParser

from playwright.sync_api import BrowserContext, ConsoleMessage, Response, WebError

# A journey that cuts the network expects these; nothing else may fail to load.
NO_NETWORK = "net::ERR_INTERNET_DISCONNECTED"


class Watch:
    """Hears every complaint of a browser context: errors of scripts, refused resources, broken policy."""

    def __init__(self, context: BrowserContext) -> None:
        self._said: list[tuple[str, str]] = []
        self._documents: set[str] = set()
        context.on("console", self._hear)
        context.on("weberror", self._fail)
        context.on("response", self._note)

    def complaints(self) -> list[str]:
        """Return what was said so far; that a page itself was answered with a refusal is no complaint."""
        return [
            f"{text} ({address})"
            for text, address in self._said
            if NO_NETWORK not in text
            and not (text.startswith("Failed to load resource") and address in self._documents)
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self._said.append((message.text, message.location["url"]))

    def _fail(self, error: WebError) -> None:
        self._said.append((str(error.error), error.page.url if error.page else ""))

    def _note(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self._documents.add(response.url)


class _Inline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(f"<{tag}> in line {self.getpos()[0]}")
        self.found += [
            f"{name} of <{tag}> in line {self.getpos()[0]}"
            for name, value in attrs
            if name == "style" or name.startswith(("on", "hx-on")) or (value or "").startswith("javascript:")
        ]


def inline_code(html: str) -> list[str]:
    """Return every script, style and handler that a page carries in itself, with its line."""
    reader = _Inline()
    reader.feed(html)
    return reader.found
