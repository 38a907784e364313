"""What a case costs: demands, payments by bank transfer, receipts without gaps, refunds by two persons."""
