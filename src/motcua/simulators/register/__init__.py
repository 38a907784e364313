"""Another agency's register: answers over HTTP from a CSV file, and can be slow, silent or broken."""

from motcua.simulators.register.server import Behavior, make_server

__all__ = ["Behavior", "make_server"]
