"""What happens: emergencies, crises, situation reports, the ledger, exercises."""
