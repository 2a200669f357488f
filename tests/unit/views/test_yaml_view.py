"""What the YAML view sends to the browser, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helmpanel.text import DOTS
from helmpanel.views.yaml_lines import LONGEST, coloured
from helmpanel.views.yaml_view import CHUNK, YamlView
from tests.waiting import until

TEXT = "db:\n  password: hunter2\n  key: |\n    a\n  token: |\n    one\n    two\n  size: 3\n"


class Recorded(YamlView):
    """Keeps what would go to the browser."""

    def __init__(self, *args, **params):
        super().__init__(*args, **params)
        self.sent = []

    def _send_msg(self, data):
        self.sent.append(data)


async def asked(view, **message):
    view.sent.clear()
    view._handle_msg(message)
    await until(lambda: view.sent)
    return view.sent[-1]


def texts(lines):
    return ["".join(text for _, text in segments) for segments in lines]


async def test_lines_come_masked_and_in_chunks():
    view = Recorded()
    await view.show("".join(f"k{n}: {n}\n" for n in range(CHUNK + 10)) + "password: hunter2\n")
    first = await asked(view, event="ask", start=0)
    assert len(first["lines"]) == CHUNK
    rest = await asked(view, event="ask", start=CHUNK)
    assert texts(rest["lines"])[-1] == f"password: {DOTS}"
    assert "hunter2" not in str(first) + str(rest)


async def test_revealing_one_value_sends_its_lines_and_no_others():
    view = Recorded()
    await view.show(TEXT)
    one = await asked(view, event="reveal", line=1)
    assert list(one["real"]) == ["1"]
    assert one["for_s"] == 30
    block = await asked(view, event="reveal", line=6)
    assert sorted(block["real"]) == ["5", "6"]
    assert texts(block["real"].values()) == ["    one", "    two"]


async def test_revealing_all_tells_who_wants_to_know():
    view = Recorded()
    told = []
    view.on_reveal(told.append)
    await view.show(TEXT)
    everything = await asked(view, event="reveal", line=-1, upto=8)
    assert sorted(everything["real"]) == ["1", "5", "6"]
    assert told == [3]


async def test_copy_takes_what_is_on_the_screen():
    view = Recorded()
    await view.show(TEXT)
    assert "hunter2" not in (await asked(view, event="take", how="copy"))["text"]
    assert (await asked(view, event="take", how="download", revealed=True))["text"] == TEXT


async def test_find_does_not_search_secrets():
    view = Recorded()
    await view.show(TEXT)
    assert (await asked(view, event="find", words="SIZE"))["hits"] == [7]
    assert (await asked(view, event="find", words="hunter"))["hits"] == []


async def test_the_text_is_no_parameter():
    view = YamlView()
    await view.show(TEXT)
    assert "hunter2" not in str(view.param.values())
    assert view.has_secrets
    assert view.lines == 8


async def test_messages_of_a_broken_browser_do_no_harm():
    view = Recorded()
    await view.show(TEXT)
    for message in ({"event": "reveal", "line": 99}, {"event": "ask", "start": -5}, {"event": "ask", "start": 10_000}):
        await asked(view, **message)


def test_keys_numbers_comments_and_dots_are_told_apart():
    line = coloured([f'a: 1  # {DOTS} "x"'])[0]
    assert ["k", "a"] in line
    assert ["n", "1"] in [[kind, text.strip()] for kind, text in line]
    assert ["m", DOTS] in line


@given(st.lists(st.text(st.characters(blacklist_characters="\n", blacklist_categories=["Cs"]), max_size=30), min_size=1, max_size=8))
def test_colouring_loses_no_text(lines):
    assert texts(coloured(lines)) == lines or "\r" in "".join(lines)


def test_a_very_long_line_is_cut_and_says_so():
    assert texts(coloured(["a" * (LONGEST + 5)]))[0].endswith("… 5 more characters")


@pytest.mark.parametrize("text", ["", "\n\n"])
async def test_an_empty_text_has_no_lines(text):
    view = YamlView()
    await view.show(text)
    assert view.lines == 0
