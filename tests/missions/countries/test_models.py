"""Country in both languages."""

from django.utils import translation

from missions.countries.models import Country


def test_languages_and_currencies_are_in_words():
    malaysia = Country(iso2="MY", languages=["en", "ms", "prs"], currencies=["MYR"])
    assert malaysia.language_names[:2] == ["Inggris", "Melayu"]
    assert malaysia.language_names[2] == "prs"
    assert malaysia.currency_names == ["Ringgit Malaysia (MYR)"]
    with translation.override("en"):
        assert malaysia.language_names[:2] == ["English", "Malay"]
