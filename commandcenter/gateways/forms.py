"""The shape of a browser's push subscription."""

import re
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric import ec
from django import forms
from django.utils.translation import gettext_lazy as _

from commandcenter.gateways.push import is_push_service

BASE64 = re.compile(r"[A-Za-z0-9_-]+={0,2}")
BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"), ("Mac", "Mac"))


class DeviceForm(forms.Form):
    """Where to write to and with which keys, as PushSubscription.toJSON() has them."""

    endpoint = forms.CharField(label=_("Push service"), max_length=1000)
    p256dh = forms.CharField(label=_("Key"), max_length=100)
    auth = forms.CharField(label=_("Secret"), max_length=40)

    def clean_endpoint(self) -> str:
        """Only listed push services: the address comes from a browser, and this server will write to it."""
        endpoint = str(self.cleaned_data["endpoint"])
        if not is_push_service(endpoint):
            raise forms.ValidationError(_("This push service is not on the list of this installation."))
        return endpoint

    def clean_p256dh(self) -> str:
        """A point on the curve."""
        given = str(self.cleaned_data["p256dh"])
        try:
            ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(given))
        except ValueError as error:
            raise forms.ValidationError(_("This is not the key of a browser.")) from error
        return given

    def clean_auth(self) -> str:
        """Sixteen bytes."""
        given = str(self.cleaned_data["auth"])
        try:
            if len(_bytes(given)) == 16:
                return given
        except ValueError:
            pass
        raise forms.ValidationError(_("This is not the secret of a browser."))


def _bytes(given: str) -> bytes:
    if not BASE64.fullmatch(given):
        raise ValueError("not base64url")
    return urlsafe_b64decode(given.rstrip("=") + "=" * (-len(given.rstrip("=")) % 4))


def label_of(user_agent: str) -> str:
    """What its owner knows the device by: "Chrome, Android"."""
    known = [next((word for mark, word in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in known if word)
