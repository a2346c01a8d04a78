"""The desk's doors to cases: list, one case, its acts, entering one for a caller. Imports casework and below."""
