"""Official figures, chosen cell by cell by a verifier, and whether they reconcile. Imports sitreps and below."""
