"""Signs results as PAdES and checks them: pure functions on bytes, without Django.

``fields`` prepares a paper for its signatures, ``acts`` signs, ``check`` answers valid, not valid or cannot tell.
"""

import logging

# Otherwise it writes the names in strangers' certificates to the log; what it finds is in the report.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)
