"""The call-back list: numbers that nobody has spoken to yet, and every try to reach them. Imports ladders and below."""
