"""What a link is refused with, in words; pure."""

from django.utils.translation import gettext_lazy as _

OTHER_OFFICER = _("This link belongs to another officer than the one signed in here. Open your own report requests.")
