"""POST stores and tells the group, after the row is committed (autocommit)."""

import json
import os

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.http import HttpRequest, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from tests.bench.tutorial.models import Message

SIZE = int(os.environ.get("TUTORIAL_SIZE", "600"))


@csrf_exempt
def post(request: HttpRequest) -> JsonResponse:
    """Store, then tell everybody."""
    body = json.loads(request.body)
    message = Message.objects.create(client_id=body["client_id"], body=body)
    frame = {"seq": message.pk, "prev": message.pk - 1, "id": str(message.pk)}
    frame["fill"] = "x" * (SIZE - len(json.dumps(frame)) - 12)
    async_to_sync(get_channel_layer().group_send)("live", {"type": "live.frame", "frame": frame})
    return JsonResponse({"number": str(message.pk)}, status=201)


urlpatterns = [path("api/v1/emergencies", post)]
