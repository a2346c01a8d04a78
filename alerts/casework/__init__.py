"""What officers do with cases: answer, note, close, move, link, make an emergency. Imports cases and below."""
