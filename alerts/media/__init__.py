"""Photographs and films of an emergency: rows, sealed files, what each may become. Imports emergencies and below."""
