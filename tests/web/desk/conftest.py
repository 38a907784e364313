"""Officers at the desk of the small service."""

from garden_desk import *  # noqa: F403 - its fixtures are this folder's, and tests take its names from here
