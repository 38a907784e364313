"""Run the simulator: ``python -m motcua.simulators.national_identity --port 8001 [--people FILE]``."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from motcua.simulators.national_identity.provider import Provider
from motcua.simulators.national_identity.server import IdentityServer


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="motcua.simulators.national_identity", description=__doc__)
    parser.add_argument("--port", type=int, default=8001, help="0 chooses a free one")
    sample = Path(os.environ.get("MOTCUA_DATA_DIR", "var")) / "demo" / "people.json"
    parser.add_argument(
        "--people", type=Path, default=sample, help="JSON list of sample people (default: %(default)s)"
    )
    parser.add_argument("--client-id", default=os.environ.get("MOTCUA_OIDC_CLIENT_ID", "motcua-portal"))
    options = parser.parse_args()
    # The secret comes by the environment only: arguments are seen by everyone on the machine.
    secret = os.environ.get("MOTCUA_OIDC_CLIENT_SECRET", "")
    provider = Provider(issuer="", client_id=options.client_id, client_secret=secret)
    server = IdentityServer(options.port, provider, options.people)
    provider.issuer = f"http://127.0.0.1:{server.server_port}"

    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown waits for the loop that this very thread runs.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"{provider.issuer}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
