"""Declaring a crisis: the form, four ways to give an area, what it would mean. Imports crises and below."""
