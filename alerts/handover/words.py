"""Words of the groups of a sheet."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from alerts.handover import rules

GROUP_WORDS: dict[str, str | Promise] = {
    rules.UNTAKEN: _("Not taken"),
    rules.HELD: _("Held by the outgoing person"),
    rules.ORPHANED: _("Held by somebody who is not on duty"),
    rules.SILENT: _("Silent missions"),
    rules.CALL: _("Calls to make"),
    rules.CASES: _("Cases past their time"),
    rules.OTHERS: _("Held by others on duty"),
}
