"""Dated estimates of how many Indonesians are in a country, side by side. May import directory and countries."""
