"""Pages of filing for many: hand in a list, mend it, confirm it, watch it, read and keep what came of it."""
