"""Pairing codes: short enough to type at a wall, long enough that nobody guesses one. Pure."""

import re
from datetime import timedelta

# Without letters and digits that look alike at a distance. 8 of 30 are 2^39: at 1,000 tries a second one code in
# 600 s is guessed once in a million times, so tries are not counted.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
CODE_LIVES = timedelta(minutes=10)
NAME_LENGTH = 60
PLACE_LENGTH = 80
SHOWN = 6


def spelled(code: str) -> str:
    """ABCD-EFGH."""
    return f"{code[:4]}-{code[4:]}"


def read(typed: str) -> str:
    """A code as it was typed: any case, with or without the hyphen; "" for what can't be one."""
    code = re.sub(r"[\s-]", "", typed[:40]).upper()
    return code if len(code) == LENGTH and set(code) <= set(ALPHABET) else ""
