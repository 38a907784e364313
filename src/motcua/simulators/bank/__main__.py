"""Run the simulator: ``motcua simulate bank --port 8002 [--receivers FILE] [--site URL]``."""

import argparse
import os
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from urllib.parse import urlsplit

from motcua.simulators.bank.bank import Bank, ReceiversRefused, read_receivers
from motcua.simulators.bank.server import BankServer, post_to_site


def main() -> int:
    """Serve until interrupted; 2 for a file or a site that cannot be used."""
    parser = argparse.ArgumentParser(prog="motcua simulate bank", description=__doc__)
    parser.add_argument("--port", type=int, default=8002, help="0 chooses a free one")
    sample = Path(os.environ.get("MOTCUA_DATA_DIR", "var")) / "demo" / "bank.json"
    parser.add_argument(
        "--receivers",
        type=Path,
        default=sample,
        help="JSON list of the city's accounts (default: %(default)s)",
    )
    parser.add_argument("--site", default=os.environ.get("MOTCUA_SITE_URL", "http://127.0.0.1:8000"))
    parser.add_argument("--late-seconds", type=float, default=20, help="how late a late notice is")
    options = parser.parse_args()
    if urlsplit(options.site).hostname not in {"127.0.0.1", "localhost", "::1"}:
        sys.stderr.write(f"the simulator tells only this machine of payments, not {options.site}\n")
        return 2
    try:
        receivers = read_receivers(options.receivers)
    except ReceiversRefused as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 2
    bank = Bank(options.site.rstrip("/"), receivers, post=post_to_site, late_seconds=options.late_seconds)
    server = BankServer(options.port, bank)

    def stop(_number: int, _frame: FrameType | None) -> None:
        # shutdown waits for the loop that this very thread runs.
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
