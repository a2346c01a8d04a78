"""Where a report comes in: the form behind the link, its receipts, the API. May import submissions and below."""
