"""Who looks at the pages: one signed-in browser context for each."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page

from .conftest import City, sign_in, sign_in_officer
from .walks import answer_travel_pass, file_travel_pass
from .watching import Watch

# Not the people of the travel pass's journey: two journeys must not act for one person at the same time.
CITIZENS = {"granted": "y-ta-vung-do", "refused": "nganh-khong-thiet-yeu", "waiting": "cong-ty-chua-ro"}
OFFICERS = {"officer": "chuyenvien", "leader": "lanhdao"}
DESKTOP = {"width": 1280, "height": 800}


@dataclass(slots=True)
class Room:
    """One person's browser: its context, what it complains about, and the number of the person's case."""

    context: BrowserContext
    watch: Watch
    number: str = ""


@dataclass(slots=True)
class Rooms:
    """The rooms opened so far; each is opened when somebody first needs it."""

    browser: Browser
    city: City
    opened: dict[str, Room] = field(default_factory=dict)

    def room(self, who: str) -> Room:
        if who not in self.opened:
            self.opened[who] = self._open(who)
        return self.opened[who]

    def page(self, who: str, language: str) -> Page:
        """Return a page of this person that speaks the language, empty still."""
        context = self.room(who).context
        cookie = {"name": "django_language", "value": language, "url": self.city.url}
        context.add_cookies([cookie])  # type: ignore[list-item]
        return context.new_page()

    def close(self) -> None:
        for room in self.opened.values():
            room.context.close()

    def _open(self, who: str) -> Room:
        context = self.browser.new_context(base_url=self.city.url, locale="vi-VN", viewport=DESKTOP)  # type: ignore[arg-type]
        context.set_default_timeout(20_000)
        room = Room(context, Watch(context))
        page = context.new_page()
        if who in CITIZENS:
            room.number = file_travel_pass(page, self.city, CITIZENS[who])
            # A request under way, so that there is something to check before filing.
            answer_travel_pass(page, self.city, CITIZENS[who])
        elif who in OFFICERS:
            sign_in_officer(page, self.city, OFFICERS[who])
        page.close()
        return room


@dataclass(slots=True)
class People:
    """One browser for each person of a journey, signed in when first needed: the applicant by slug, officers by login."""

    browser: Browser
    city: City
    applicant: str
    opened: dict[str, tuple[Page, Watch]] = field(default_factory=dict)

    def __call__(self, who: str) -> Page:
        if who not in self.opened:
            context = self.browser.new_context(base_url=self.city.url, locale="vi-VN", viewport=DESKTOP)  # type: ignore[arg-type]
            context.set_default_timeout(20_000)
            watch, page = Watch(context), context.new_page()
            if who == self.applicant:
                sign_in(page, self.city, who)
            else:
                sign_in_officer(page, self.city, who)
            self.opened[who] = page, watch
        return self.opened[who][0]

    @property
    def citizen(self) -> Page:
        return self(self.applicant)

    def close(self) -> None:
        """Close every browser; none may have complained."""
        complaints = [line for _, watch in self.opened.values() for line in watch.complaints()]
        for page, _ in self.opened.values():
            page.context.close()
        assert complaints == []
