"""Pages of a hall: the machine that gives out numbers, the display, and the page of a ticket on a phone."""
