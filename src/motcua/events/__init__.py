"""The append-only ledger, the outbox and the relay that delivers events to handlers."""
