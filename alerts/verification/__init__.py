"""The verifier's doors: matrix, choice, history, the API of figures. Imports ledger and below."""
