"""One request on its way: state, duty, deadline, history."""
