"""Duplicates: proposed by place, time and telephone; attached and kept whole. Imports emergencies."""
