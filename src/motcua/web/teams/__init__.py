"""The tablet of a community digital team: works without a connection, sends later."""
