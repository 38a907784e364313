"""``python -m motcua.simulators.time_stamps --folder var/secrets/signing [--port 8003] [--silent]``.

Make the folder first: ``motcua documents authority``. Then point ``MOTCUA_TIME_STAMPS`` at the printed address.
"""

import argparse
import sys
from datetime import timedelta
from pathlib import Path

from motcua.documents.signing import keystore
from motcua.documents.signing.local import STAMPS
from motcua.simulators.time_stamps.server import Behavior, make_server


def main() -> int:
    """Stamp until interrupted."""
    parser = argparse.ArgumentParser(prog="motcua.simulators.time_stamps", description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="the folder of the local authority")
    parser.add_argument("--port", type=int, default=8003, help="0 chooses a free one")
    parser.add_argument("--silent", action="store_true", help="take requests and never answer")
    parser.add_argument("--clock-off", type=float, default=0.0, metavar="HOURS", help="be wrong by so much")
    args = parser.parse_args()
    try:
        authority = keystore.fetch(args.folder / "keys", STAMPS)
    except keystore.KeyMissing as refusal:
        sys.stderr.write(f"{refusal}; make it first: motcua documents authority\n")
        return 2
    behavior = Behavior(silent=args.silent, clock_off=timedelta(hours=args.clock_off))
    server = make_server(authority, behavior=behavior, port=args.port)
    sys.stdout.write(f"Time stamps on http://127.0.0.1:{server.server_port}/\n")
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
