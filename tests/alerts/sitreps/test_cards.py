"""What audiences see of a request."""

from alerts.sitreps import cards


def test_card_has_codes_and_times_and_no_name(world, at):
    request = world.ask("dhaka")
    world.file(request, figures={"wni.dead": 2}, note="Siti")
    loaded = cards.load([request.number], "")
    card = cards.make(loaded[request.number], "dcc")
    assert (card.crisis, card.mission, card.last_report, card.answered) == ("gempa-kathmandu", "dhaka", 1, at)
    assert "Siti" not in card.model_dump_json()
    assert cards.load([request.number], "hk") == {}
