"""``python -m motcua.simulators.register FILE.csv --port 8002 [--delay 2] [--silent] [--garbage]``."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from motcua.simulators.register.server import Behavior, make_server


def main() -> int:
    """Serve the file until interrupted."""
    parser = argparse.ArgumentParser(prog="motcua.simulators.register", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--delay", type=float, default=0.0, metavar="SECONDS", help="wait before each answer")
    parser.add_argument("--silent", action="store_true", help="take questions and never answer")
    parser.add_argument("--garbage", action="store_true", help="answer what was not agreed")
    args = parser.parse_args()
    as_of = datetime.fromtimestamp(args.file.stat().st_mtime, tz=UTC)
    behavior = Behavior(delay_seconds=args.delay, silent=args.silent, garbage=args.garbage)
    server = make_server(args.file, as_of=as_of, behavior=behavior, port=args.port)
    sys.stdout.write(f"Register {args.file.stem} on http://127.0.0.1:{server.server_port}/\n")
    sys.stdout.flush()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        return 0
    finally:
        server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
