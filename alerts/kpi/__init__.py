"""Every clock of the domain, computed from the log alone. Imports escalation and below."""
