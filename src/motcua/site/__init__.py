"""Settings, wiring and commands: the layer that knows everything."""
