"""What a demand for reports says beside its missions, and the ladder it puts up. Imports crises, ladders and below."""
