"""A photograph of an emergency in Hong Kong, examined and ready."""

import pytest

from alerts.emergencies.models import Emergency
from alerts.media.models import MediaFile
from tests.alerts.darkroom.conftest import Examine, examine, with_place
from tests.alerts.emergencies.conftest import Make, make

__all__ = ["Make", "examine", "make"]


@pytest.fixture
def photograph(reference: None, examine: Examine) -> MediaFile:
    """It says that it was taken some three kilometres from the GPS position."""
    media = examine(with_place())
    Emergency.objects.filter(pk=media.emergency_id).update(mission="kjri-hongkong")
    return MediaFile.objects.select_related("emergency").get(pk=media.pk)
