"""What can't all be right in a crisis, who judged it, and what became of it. Imports ledger and below."""
