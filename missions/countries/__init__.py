"""Countries and every question about points and areas (geo.py). Imports no other room."""
