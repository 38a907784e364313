"""What a paper may cost and hold; known to the page that takes it and to the program that reads it."""

MOST_BYTES = 10 * 1024 * 1024
MOST_PAGES = 300
# The best cameras of phones give 50 million points; more than that is not a photograph of a paper.
MOST_POINTS = 50_000_000
LEAST_SIDE = 200
# A4 at 400 dots an inch: every stamp and small print can be read, and a photograph takes two megabytes.
LONGEST_SIDE = 4_700
# Drawn without loss a larger one takes seconds and many times the room.
MOST_POINTS_AS_PNG = 12_000_000
THUMBNAIL_SIDE = 240
# A stream of a PDF unpacks to so much, all of them together to twice that; a page scanned raw at 300 dots is 26 MB.
MOST_STREAM_BYTES = 96 * 1024 * 1024
MOST_UNPACKED_BYTES = 192 * 1024 * 1024
MOST_STREAMS = 20_000
MOST_OBJECTS = 100_000
MOST_NESTED_FILTERS = 3
MOST_DEPTH = 60

# Of the program that reads a paper: what it may use before it is ended. The largest photograph takes half of it.
CPU_SECONDS = 3
MEMORY_BYTES = 900 * 1024 * 1024
# By the clock it may take longer, on a machine that is busy with other things.
WITHIN_SECONDS = 10.0
