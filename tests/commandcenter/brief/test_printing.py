"""The press: a program apart with a time limit, its own files alone, and a shelf."""

import os
import threading
from pathlib import Path

import pytest
from pypdf import PdfReader

from commandcenter.brief import press, printing
from commandcenter.brief.printing import Press, PressError, printed

pytestmark = pytest.mark.once
PLAIN = '<html lang="id"><title>satu</title><p>satu</p></html>'
LONG = f'<html lang="id"><title>banyak</title>{"<p>baris</p>" * 200}</html>'


@pytest.fixture
def program(tmp_path, monkeypatch):
    """program(text) puts another program in the press's place."""

    def put(text):
        path = tmp_path / "other.py"
        path.write_text(text)
        monkeypatch.setattr(printing, "PROGRAM", path)

    return put


def test_the_fullest_layout_that_is_one_page_is_printed(pango, tmp_path):
    for place, layouts in enumerate(([PLAIN, PLAIN], [LONG, PLAIN], [LONG, LONG, LONG, PLAIN, PLAIN])):
        path = tmp_path / f"{place}.pdf"
        path.write_bytes(printed(layouts, 300))
        assert [page.extract_text().strip() for page in PdfReader(path).pages] == ["satu"]


def test_what_never_fits_is_said_in_words(pango):
    with pytest.raises(PressError, match="satu halaman"):
        printed([LONG, LONG], 300)


def test_what_is_far_too_long_is_not_even_laid_out(pango):
    endless = f'<html lang="id"><title>tak habis</title>{"<p>baris yang panjang sekali</p>" * 20_000}</html>'
    assert printed([endless, endless, PLAIN], 300).startswith(b"%PDF-")


@pytest.mark.parametrize("address", ["/etc/hostname", "../manage.py", "//127.0.0.1:9/x.png", "data:text/css,p"])
def test_the_press_opens_nothing_but_static_files(pango, address):
    with pytest.raises(PressError, match="tidak dapat dibuat"):
        printed([PLAIN.replace("<p>", f'<link rel="stylesheet" href="{address}"><p>')], 300)


def test_a_press_that_hangs_is_ended_and_said_to_be_slow(program, tmp_path):
    mark = tmp_path / "pid"
    program(f"import os, time\nopen({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)")
    with pytest.raises(PressError, match="terlalu lama"):
        printed([PLAIN], 2)
    with pytest.raises(ProcessLookupError):
        os.kill(int(mark.read_text()), 0)


@pytest.mark.parametrize(
    ("code", "words"), [(press.MISSING, "Pango"), (press.TOO_LONG, "satu halaman"), (1, "tidak dapat dibuat")]
)
def test_every_way_to_fail_has_its_sentence(program, code, words):
    program(f"import sys\nsys.exit({code})")
    with pytest.raises(PressError, match=words):
        printed([PLAIN], 20)


def test_the_press_is_told_no_secret(program, monkeypatch):
    monkeypatch.setenv("DCC_SECRET_KEY", "s" * 50)
    program("import os, sys\nsys.stdout.write(' '.join(sorted(os.environ)))")
    assert set(printed([PLAIN], 20).decode().split()) <= {*printing.PASSED, "LC_CTYPE"}


def test_a_storm_of_clicks_is_printed_once(program, tmp_path):
    log = tmp_path / "log"
    program(f"open({str(log)!r}, 'a').write('x')\nprint('sheet')")
    machine, found = Press(), []
    clicks = [threading.Thread(target=lambda: found.append(machine.sheet("same", lambda: [PLAIN]))) for _ in range(20)]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join(30)
    assert found == [b"sheet\n"] * 20
    assert log.read_text() == "x"


def test_the_shelf_forgets_the_oldest(program):
    program("print('sheet')")
    machine = Press()
    machine.kept.update({str(number): b"" for number in range(printing.MOST)})
    machine.sheet("new", lambda: [PLAIN])
    assert len(machine.kept) == printing.MOST
    assert "0" not in machine.kept


def test_the_static_folder_is_the_products_own():
    assert (press.STATIC / "css" / "brief.css").exists()
    assert Path(printing.PROGRAM).name == "press.py"
