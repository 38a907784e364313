"""What applicants think of how their cases were handled: one rating for each ended case, told as counts only."""
