"""Filing for many at once: a firm's list, checked row by row, filed in parts, answered by a signed manifest."""
