"""The law as dated state: directives, what they set where and from when, and two persons to put one in force."""
