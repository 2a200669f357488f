"""The upgrade form without a screen: what it decides, what it plans, what it says."""

import asyncio

import pytest

from helmpanel.errors import ChartSourceFault, ReleaseBusy, ReleaseMoved, Unreachable
from helmpanel.views.dialog import Dialogs
from helmpanel.views.upgrade import UpgradeForm
from tests.unit.views.fakes import KEY, VALUES, FakeCluster
from tests.unit.views.upgrade_forms import answer, loaded, opened, settled, typed
from tests.waiting import until


async def test_it_opens_with_the_available_version_and_reuses_the_values():
    form = await loaded(FakeCluster())
    assert (form.chart, form.version, form.mode) == ("hub/jupyterhub", "4.2.0", "reuse")
    assert form.go.label == "Upgrade to 4.2.0"
    assert [offer["version"] for offer in form.versions.offers] == ["4.2.0", "4.1.0", "4.0.0"]
    assert form.context == "prod-eu-1"
    assert form.where == "analytics"
    plan = await answer(form)
    assert plan.stdin is None
    assert "--reuse-values" in plan.argv
    assert plan.sentence == form.note


async def test_prereleases_show_on_request():
    form = await loaded(FakeCluster())
    assert form.versions.has_prereleases
    form.versions.prereleases = True
    assert [offer["mark"] for offer in form.versions.offers] == ["pre-release", "minor", "running", "downgrade"]


async def test_values_with_a_credential_open_masked_and_only_editing_shows_them():
    form = await loaded(FakeCluster())
    pane = form.values
    assert pane.has_secrets
    assert not pane.is_editing
    assert pane.editor.text == ""
    assert "hunter2" not in pane.view.masked_text
    pane._handle_msg({"event": "edit"})
    assert pane.is_editing
    assert pane.editor.text == VALUES


async def test_values_without_a_credential_open_in_the_editor():
    form = await loaded(FakeCluster(values="replicas: 2\n"))
    assert form.values.is_editing
    assert form.values.editor.text == "replicas: 2\n"


async def test_edited_text_is_sent_as_it_was_typed():
    form = await loaded(FakeCluster())
    text = "# mine\n" + VALUES.replace("replicas: 2", "replicas: 5")
    typed(form, text)
    await settled(form)
    await until(lambda: form.tabs.tabs[1].get("count") == "3")
    plan = await answer(form)
    assert plan.stdin == text
    assert plan.argv[plan.argv.index("-f") + 1] == "-"
    assert not any("hunter2" in word for word in plan.argv)
    assert form.command.command.startswith("helm upgrade jupyterhub hub/jupyterhub \\\n")


async def test_invalid_yaml_is_shown_with_its_place_and_the_text_stays():
    form = await loaded(FakeCluster())
    typed(form, "a: 1\nb: [")
    await settled(form)
    assert form.note_is_problem
    assert form.values.editor.problem_line == 3 or form.values.editor.problem_line == 2
    assert "column" in form.values.editor.problem
    assert form.go.disabled_why
    assert form.tabs.tabs[0] == {"key": "values", "label": "Values", "count": "1", "is_bad": True}
    assert form.values.editor.text == "a: 1\nb: ["
    assert form.command.command == ""
    assert form.diff.problem
    typed(form, "a: 1\n")
    await until(lambda: not form.go.disabled_why)
    assert form.values.editor.problem == ""
    assert not form.note_is_problem
    await until(lambda: form.diff.lines and not form.diff.problem)


@pytest.mark.parametrize("text", ["- 1\n", "just words\n"])
async def test_a_list_or_a_scalar_is_refused(text):
    form = await loaded(FakeCluster())
    typed(form, text)
    await settled(form)
    assert form.go.disabled_why
    assert "helm needs keys" in form.values.editor.problem


@pytest.mark.parametrize("mode", ["reuse", "reset-then-reuse"])
async def test_a_lost_key_is_named_and_the_third_mode_is_offered(mode):
    form = await loaded(FakeCluster())
    form.cards.value = mode
    typed(form, VALUES.replace("cull:\n  every: 300\n", ""))
    await settled(form)
    card = next(card for card in form.cards.cards if card["key"] == mode)
    assert "cull" in card["warning"][1]
    assert form.diff.added == form.diff.removed == 0
    form.cards._handle_msg({"event": "act", "key": mode})
    assert form.mode == "reset"
    await settled(form)
    assert not any("warning" in card for card in form.cards.cards)
    await until(lambda: form.diff.removed == 2)
    assert "--reset-values" in (await answer(form)).argv


async def test_exactly_the_editor_sends_the_stored_text_when_nothing_was_edited():
    form = await loaded(FakeCluster())
    form.cards.value = "reset"
    await settled(form)
    assert (await answer(form)).stdin == VALUES


async def test_a_release_of_no_known_repository_can_be_upgraded_too():
    form = await loaded(FakeCluster(versions=(), reference=""))
    assert form.note_is_problem
    assert "No repository lists it" in form.chart_field.hint
    form.chart_field.value = "oci://registry.example.org/hub"
    form.version_field.value = "9.9.9"
    await until(lambda: not form.go.disabled_why)
    plan = await answer(form)
    assert "oci://registry.example.org/hub" in plan.argv
    assert plan.argv[plan.argv.index("--version") + 1] == "9.9.9"


async def test_another_chart_reference_does_not_keep_a_version_of_the_old_one():
    form = await loaded(FakeCluster())
    form.chart_field.value = "other/hub"
    assert form.version == ""
    assert form.version_field.visible
    assert not form.versions.visible
    assert form.go.label == "Upgrade to the newest version"
    form.chart_field.value = "hub/jupyterhub"
    assert form.version == "4.2.0"


async def test_versions_that_cannot_be_read_leave_the_chart_to_the_person():
    cluster = FakeCluster()
    cluster.failing["chart_choices"] = ChartSourceFault("The index of hub is no YAML. Refresh the repositories.")
    form = await loaded(cluster)
    assert "no YAML" in form.chart_field.hint
    form.chart_field.value = "hub/jupyterhub"
    await until(lambda: not form.go.disabled_why)


async def test_values_that_cannot_be_read_can_still_be_reused():
    cluster = FakeCluster()
    cluster.failing["values"] = Unreachable("prod-eu-1 does not answer. Try again.")
    form = await loaded(cluster)
    assert "does not answer" in form.values.problem
    assert not form.values.can_edit
    assert form.cards.cards[2]["disabled_why"]
    assert (await answer(form)).stdin is None


async def test_values_that_are_not_known_are_never_replaced_by_nothing():
    cluster = FakeCluster()
    cluster.failing["values"] = Unreachable("prod-eu-1 does not answer. Try again.")
    form = await loaded(cluster)
    form.cards.value = "reset"
    await until(lambda: form.note_is_problem)
    assert "would be lost" in form.note
    assert form.go.disabled_why
    form.cards.value = "reuse"
    await until(lambda: not form.go.disabled_why)
    assert "--reuse-values" in (await answer(form)).argv


async def test_while_the_values_are_read_nothing_takes_their_place():
    cluster = FakeCluster()
    reading = asyncio.Event()
    read = cluster.values

    async def slow(*args, **kwargs):
        await reading.wait()
        return await read(*args, **kwargs)

    cluster.values = slow
    form = opened(cluster)
    loading = asyncio.create_task(form.load())
    await until(lambda: form.chart)
    form.cards.value = "reset"
    await until(lambda: form.note_is_problem)
    assert (form.note, form.cards.cards[2]["disabled_why"]) == ("Reading the values.", "The values are being read.")
    assert form.cards.cards[2]["text"].startswith("Stored: the editor's text")
    reading.set()
    await loading
    await until(lambda: not form.go.disabled_why)
    assert (await answer(form)).stdin.strip() == VALUES.strip()


async def test_the_command_says_what_becomes_of_values_that_are_not_sent():
    form = await loaded(FakeCluster())
    assert form.command.note == "No values are sent: helm takes those it has stored."
    form.cards.value = "reset"
    typed(form, "")
    await until(lambda: "--reset-values" in form.command.command and form.command.note.startswith("No values"))
    assert form.command.note == "No values are sent: every key falls back to the chart."


async def test_a_release_that_is_busy_keeps_the_form_and_its_text():
    async def refuse(plan):
        raise ReleaseBusy(KEY, "upgrade")

    form = await loaded(FakeCluster(), refuse)
    typed(form, "a: 1\n")
    await settled(form)
    assert await answer(form) is None
    assert "is being changed" in form.note
    assert form.values.editor.text == "a: 1\n"
    assert not form.go.disabled_why


async def test_a_release_that_moved_is_planned_anew_with_what_was_typed():
    seen = []

    async def submit(plan):
        seen.append(plan)
        if plan.revision == 22:
            raise ReleaseMoved(KEY, 22, 23)
        return "started"

    form = await loaded(FakeCluster(), submit)
    typed(form, "a: 1\n")
    await settled(form)
    assert await answer(form) is None
    assert "changed since you confirmed" in form.note
    form.note_is_problem = False
    assert await answer(form) == "started"
    assert [plan.revision for plan in seen] == [22, 23]
    assert seen[1].stdin == "a: 1\n"


async def test_the_options_reach_the_command():
    form = await loaded(FakeCluster())
    form.options.wait.value = False
    form.rollback.value = True
    assert form.options.wait.value
    form.options.timeout.value = "90 s"
    assert form.options.part.summary == "Wait 1 min 30 s, roll back on failure"
    await settled(form)
    argv = (await answer(form)).argv
    assert "--rollback-on-failure" in argv
    assert argv[argv.index("--timeout") + 1] in ("90s", "1m30s")


async def test_a_timeout_that_is_none_is_told_and_shown():
    form = await loaded(FakeCluster())
    form.options.timeout.value = "soon"
    await settled(form)
    assert form.options.part.is_open
    assert form.options.timeout.problem
    assert form.go.disabled_why


async def test_the_hint_of_the_chart_follows_what_is_typed():
    form = await loaded(FakeCluster())
    found = form.chart_field.hint
    form.chart_field.value = "other/hub"
    assert form.chart_field.hint.startswith("Typed by you")
    assert not form.chart_field.problem
    form.chart_field.value = "hub/jupyterhub"
    assert form.chart_field.hint == found
    assert not found.startswith("Typed by you")


async def test_a_chart_reference_that_looks_like_an_option_is_refused():
    form = await loaded(FakeCluster())
    form.chart_field.value = "--post-renderer=x"
    assert "cannot begin with -" in form.chart_field.problem
    await settled(form)
    assert "cannot begin with -" in form.note
    assert form.go.disabled_why
    assert await answer(form) is None
    form.chart_field.value = "hub/jupyterhub"
    assert not form.chart_field.problem
    await until(lambda: not form.go.disabled_why)


async def test_no_secret_becomes_a_parameter_of_anything_shown():
    form = await loaded(FakeCluster())
    typed(form, VALUES.replace("hunter2", "hunter3"))
    await settled(form)
    await until(lambda: form.diff.has_masked_change)
    for part in (form, form.values, form.values.view, form.values.editor, form.diff, form.command, form.cards, form.tabs):
        assert "hunter" not in str(part.param.values()), part


async def test_the_charts_defaults_are_shown_on_top():
    host = Dialogs()
    form = UpgradeForm(FakeCluster(), KEY, host, None)
    await form.load()
    form.values._handle_msg({"event": "defaults"})
    await until(lambda: host.is_open)
    shown = host._open[0].form
    assert shown.title == "Defaults of hub/jupyterhub 4.2.0"
    await until(lambda: shown.body[0].lines == 1)
    shown.dismiss()
    await until(lambda: not host.is_open)
