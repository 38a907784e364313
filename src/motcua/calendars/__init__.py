"""Working time, holidays and legal deadlines; pure Python."""
