"""The citizen's page as a telephone keeps it: installable, with the numbers to call, without a line. Imports intake."""
