"""Citizens' devices: their keys, the signatures on requests, what one presses in a row. Imports emergencies, floods."""
