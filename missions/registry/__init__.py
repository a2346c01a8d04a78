"""Citizens: the registry's persons and their contacts; all their personal data is here. Imports directory and below."""
