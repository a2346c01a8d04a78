"""What an SMS line is refused with, in words; pure."""

from django.utils.translation import gettext_lazy as _

STRANGER = _("This telephone number belongs to no officer. Call the DCC.")
NO_REQUEST = _("No such request. Begin with DCC and the number of the request, such as DCC 17 M2 LB1.")
NOT_YOURS = _("Request %(n)s was not made to your mission. Look at its number and send the line again.")
NOTHING_READ = _("No figure could be read (%(unread)s). Example: DCC 17 N187 M2 LB1 LR5 H1 O1 R?, or DCC 17 NIHIL.")
MISREAD = _("By SMS; not read: %(unread)s")
