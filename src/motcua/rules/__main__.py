"""`python -m motcua.rules`: the rules commands without the rest of the platform."""

from motcua.rules.commands import main

raise SystemExit(main())
