"""Floods of requests: limits that slow and never refuse a first one, load, the card. Imports nothing of alerts."""
