"""The citizen's door for photographs and films: tus 1.0, resumable across days. Imports intake, media."""
