"""The archive on the desk: what is kept, packages given out, and destruction by two persons."""
