"""Towpath's mechanism: it executes a rule book. What the rule book says is not here but in `processes/`."""
