"""Situation reports: requests with a deadline, immutable numbered answers, differences. Imports crises and below."""
