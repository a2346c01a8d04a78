"""What officers see of the media of an emergency: each file with its state in words, its links, and who opened it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from alerts.emergencies.models import Emergency
from alerts.evidence.links import link_to
from alerts.media import store
from alerts.media.models import MediaFile, Reason, Stage
from alerts.media.queries import files_of
from alerts.media.rules import may_open_original
from commandcenter import wording
from commandcenter.access.reader import Reader
from commandcenter.audit.queries import Reading, reads_of_each

SCREEN, ORIGINAL_SCREEN = "media", "media original"
TONES = {Stage.REFUSED: "high", Stage.SEALED: "unknown", Stage.READY: "normal"}


@dataclass(frozen=True, slots=True)
class Shown:
    """One file on a screen."""

    file: MediaFile
    title: str
    state: str
    why: str
    tone: str
    size: str
    distance: str
    readings: list[Reading]
    thumb: str = ""
    copy: str = ""
    preview: str = ""

    @property
    def may_view(self) -> bool:
        """Whether there is a copy to look at."""
        return self.file.stage == Stage.READY


def object_of(media: MediaFile) -> str:
    """What the read-log calls a file."""
    return f"media {media.key.hex}"


def shown_files(reader: Reader, emergency: Emergency) -> list[Shown]:
    """Every file of an emergency, the oldest first."""
    files = files_of(emergency)
    readings = reads_of_each(object_of(media) for media in files)
    return [_shown(reader, media, no, readings[object_of(media)]) for no, media in enumerate(files, 1)]


def shown_file(reader: Reader, media: MediaFile) -> Shown:
    """One file, with the links to look at it."""
    files = files_of(media.emergency)
    no = next(no for no, file in enumerate(files, 1) if file.pk == media.pk)
    return _shown(reader, media, no, reads_of_each([object_of(media)])[object_of(media)], whole=True)


def may_have_original(reader: Reader, media: MediaFile) -> bool:
    """Whether this reader may ask for the sealed original, and there is one."""
    kept = media.stage in {Stage.READY, Stage.SEALED, Stage.REFUSED} and media.reason != Reason.LOST
    return kept and may_open_original(reader, media.emergency)


def _shown(reader: Reader, media: MediaFile, no: int, readings: list[Reading], *, whole: bool = False) -> Shown:
    ready = media.stage == Stage.READY
    photograph = media.is_photograph
    links = {"thumb": link_to(reader, media, store.THUMB)} if ready else {}
    if ready and whole:
        part = store.COPY if photograph else store.PREVIEW
        links[part] = link_to(reader, media, part)
    return Shown(
        file=media,
        title=_title(media, no),
        state=_state(media),
        why=media.get_reason_display() if media.reason else "",
        tone=TONES.get(Stage(media.stage), "info"),
        size=wording.bytes_text(media.size),
        distance=_distance(media),
        readings=readings,
        **links,
    )


def _title(media: MediaFile, no: int) -> str:
    if not media.kind:
        return _("File %(no)d") % {"no": no}
    return (_("Photo %(no)d") if media.is_photograph else _("Video %(no)d")) % {"no": no}


def _state(media: MediaFile) -> str:
    if media.stage == Stage.UPLOADING:
        return _("Being sent: %(percent)d %%") % {"percent": media.percent}
    return str(media.get_stage_display())


def _distance(media: MediaFile) -> str:
    if media.distance_m is None:
        return ""
    away = wording.distance_text(media.distance_m)
    if media.is_photograph:
        return _("The photo says it was taken %(distance)s from the GPS position") % {"distance": away}
    return _("The video says it was taken %(distance)s from the GPS position") % {"distance": away}
