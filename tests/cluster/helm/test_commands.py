"""helmpanel's command lines and readings, with the real helm in both majors."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import yaml

from helmpanel.errors import FailureKind, HelmFailure
from helmpanel.helm import argv
from helmpanel.helm.argv import Target
from helmpanel.helm.failure import classify
from helmpanel.helm.process import run_read
from helmpanel.helm.warnings import damage
from helmpanel.model.keys import ReleaseKey
from helmpanel.model.plan import ValuesMode
from helmpanel.sandbox import Sandbox
from tests.cluster.fidelity.normal import normal
from tests.cluster.helm.conftest import Place

Chart = Callable[..., str]


async def done(place: Place, command: argv.Argv, stdin: str | None = None, name: str = "operation") -> tuple[int, str, str]:
    process = place.start(command, stdin=stdin, name=name)
    rc = await process.wait()
    return rc, *process.output()


@pytest.mark.parametrize(
    ("mode", "values", "stored", "replicas"),
    [
        (ValuesMode.REUSE, None, {"greeting": "mine"}, 1),
        (ValuesMode.REUSE, "replicas: 2\n", {"greeting": "mine", "replicas": 2}, 2),
        (ValuesMode.RESET_THEN_REUSE, "replicas: 2\n", {"greeting": "mine", "replicas": 2}, 2),
        (ValuesMode.RESET, "replicas: 2\n", {"replicas": 2}, 2),
        (ValuesMode.RESET, None, {}, 1),
    ],
)
async def test_each_values_mode_stores_what_it_says(place: Place, chart: Chart, mode, values, stored, replicas):
    command = argv.upgrade(
        place.release, place.target, place.binary.major, chart=chart(version="1.1.0"), mode=mode, has_values=values is not None, wait=True, timeout_s=30
    )
    rc, _, stderr = await done(place, command, values)
    # Not `stderr == ""`: on a busy machine Helm 4 tells there of requests that it gave up itself.
    assert rc == 0, stderr
    assert (yaml.safe_load(await place.reader.values(place.release)) or {}) == stored
    assert yaml.safe_load(await place.reader.values(place.release, computed=True))["replicas"] == replicas


async def test_a_release_is_read_as_helm_tells_it(place: Place, chart: Chart):
    command = argv.upgrade(
        place.release,
        place.target,
        place.binary.major,
        chart=chart(name="web-2", version="2.0.0-rc.1"),
        mode=ValuesMode.RESET,
        has_values=True,
        wait=True,
        timeout_s=30,
    )
    assert (await done(place, command, "greeting: {sure: yes}\n"))[0] == 0
    newest, oldest = await place.reader.history(place.release, {2: await place.reader.metadata(place.release)})
    assert (newest.revision, newest.status, newest.chart, newest.version, newest.app_version) == (2, "deployed", "web-2", "2.0.0-rc.1", "2.0.0-rc.1")
    assert (oldest.revision, oldest.status, oldest.chart, oldest.version) == (1, "superseded", "web", "1.0.0")
    assert newest.updated > oldest.updated
    assert await place.reader.values(place.release, revision=1) == "greeting: mine\n"
    assert 'greeting: "map[sure:true]"' in await place.reader.manifest(place.release)
    assert 'greeting: "mine"' in await place.reader.manifest(place.release, revision=1)
    assert await place.reader.notes(place.release, revision=1) == "Say mine"
    status = json.loads(await run_read(place.binary.path, argv.status(place.release, place.target), timeout_s=60, env=place.env))
    assert status["info"]["status"] == "deployed"
    assert await place.reader.chart_defaults(chart()) == "# how many\nreplicas: 1\nimage: nginx\ngreeting: hello\n"


async def test_a_release_without_values_or_notes_reads_as_empty(place: Place, chart: Chart):
    bare = chart(name="bare")
    place.helm.run("install", "bare", bare, "-n", "team-a", env=place.env)
    assert await place.reader.values(ReleaseKey("sandbox", "team-a", "bare")) == ""


async def test_rollback_and_uninstall_do_what_they_say(place: Place, chart: Chart):
    major = place.binary.major
    up = argv.upgrade(place.release, place.target, major, chart=chart(), mode=ValuesMode.REUSE, has_values=False, wait=False, timeout_s=30)
    back = argv.rollback(place.release, place.target, major, revision=1, wait=True, timeout_s=30)
    keep = argv.uninstall(place.release, place.target, major, keep_history=True, wait=True, timeout_s=30)
    for i, command in enumerate((up, back, keep)):
        rc, stdout, stderr = await done(place, command, name=str(i))
        # In normal form: without what Helm 4 sometimes says when it gives a watch up.
        assert (rc, normal(stderr), damage(command, stdout, stderr)) == (0, "", ())
    assert place.states() == [(1, "superseded"), (2, "superseded"), (3, "uninstalled")]
    gone = argv.uninstall(place.release, place.target, major, keep_history=False, wait=False, timeout_s=30)
    assert (await done(place, gone, name="gone"))[0] == 0
    with pytest.raises(HelmFailure) as caught:
        await place.reader.history(place.release)
    assert caught.value.kind is FailureKind.NOT_FOUND


@pytest.mark.parametrize("name", ["-n", "--help"])
async def test_a_name_that_begins_with_a_dash_is_a_name(place: Place, chart: Chart, name):
    """helm takes no such name for a release; it must say so, and not do something else."""
    hostile = ReleaseKey("sandbox", "team-a", name)
    major = place.binary.major
    commands = [
        argv.history(hostile, place.target),
        argv.get_values(hostile, place.target, revision=1),
        argv.uninstall(hostile, place.target, major, keep_history=False, wait=False, timeout_s=5),
        argv.rollback(hostile, place.target, major, revision=1, wait=False, timeout_s=5),
        argv.upgrade(hostile, place.target, major, chart=chart(), mode=ValuesMode.RESET, has_values=True, wait=False, timeout_s=5),
    ]
    for command in commands:
        with pytest.raises(HelmFailure) as caught:
            await run_read(place.binary.path, command, timeout_s=60, env=place.env, stdin="{}")
        assert "invalid" in caught.value.raw, caught.value.raw
    assert place.states() == [(1, "deployed")]


async def test_a_chart_or_version_that_begins_with_a_dash_is_one(place: Place, chart: Chart):
    major = place.binary.major
    for chart_name, version in (("--help", ""), ("-n", ""), (chart(), "-n"), (chart(), "--help")):
        command = argv.upgrade(
            place.release, place.target, major, chart=chart_name, version=version, mode=ValuesMode.RESET, has_values=False, wait=False, timeout_s=5
        )
        # A chart in a folder has the version it has; helm does not look at the flag.
        if version:
            assert await run_read(place.binary.path, command, timeout_s=60, env=place.env)
            continue
        with pytest.raises(HelmFailure) as caught:
            await run_read(place.binary.path, command, timeout_s=60, env=place.env)
        assert caught.value.kind is FailureKind.CHART_NOT_FOUND


async def test_a_hostile_context_or_namespace_is_one(place: Place):
    with pytest.raises(HelmFailure) as caught:
        await place.reader.history(ReleaseKey("sandbox", "--all-namespaces", "web"))
    assert caught.value.kind is FailureKind.NOT_FOUND
    place.target = Target(context="-n", kubeconfig=place.target.kubeconfig)
    with pytest.raises(HelmFailure, match="no context -n") as caught:
        await place.reader.history(place.release)
    assert caught.value.kind is FailureKind.KUBECONFIG_INVALID


async def test_the_environments_kubeconfigs_are_used_when_no_file_is_named(place: Place, sandbox: Sandbox):
    """Several files in KUBECONFIG, the first without the context."""
    other = sandbox.kubeconfig_for("admin", context="other")
    place.env["KUBECONFIG"] = f"{other}:{sandbox.kubeconfig}"
    place.target = Target(context="sandbox")
    assert [r.revision for r in await place.reader.history(place.release)] == [1]


async def test_variables_that_would_steer_helm_elsewhere_do_not(place: Place):
    steering = {"HELM_KUBECONTEXT": "nope", "HELM_NAMESPACE": "nope", "HELM_KUBETOKEN": "nope", "HELM_KUBEAPISERVER": "https://127.0.0.1:1"}
    place.env.update(steering)
    assert [r.revision for r in await place.reader.history(place.release)] == [1]


async def test_a_database_of_releases_that_does_not_answer_is_not_taken_for_the_api_server(place: Place):
    place.env.update(HELM_DRIVER="sql", HELM_DRIVER_SQL_CONNECTION_STRING="postgresql://u:hunter2@127.0.0.1:1/h")
    with pytest.raises(HelmFailure, match=r"the database that helm keeps its releases in cannot be used: .*connection refused") as told:
        await place.reader.history(place.release)
    assert told.value.kind is FailureKind.UNKNOWN
    assert "hunter2" not in str(told.value)


async def test_a_megabyte_of_values_arrives(place: Place, chart: Chart):
    values = "greeting: big\nfiller:\n" + "".join(f"  key{i}: {'x' * 80}\n" for i in range(11_000))
    assert len(values) > 1_000_000
    command = argv.upgrade(place.release, place.target, place.binary.major, chart=chart(), mode=ValuesMode.RESET, has_values=True, wait=False, timeout_s=30)
    rc, _, stderr = await done(place, command, values)
    assert rc == 0, stderr
    assert yaml.load(await place.reader.values(place.release), yaml.CSafeLoader) == yaml.load(values, yaml.CSafeLoader)


async def test_a_wait_that_gives_up_names_what_is_not_ready(place: Place, chart: Chart):
    """Helm 3 says it only in its debug log."""
    # Long enough for helm to have looked at the Deployment: before that it knows of nothing that is not ready.
    command = argv.upgrade(place.release, place.target, place.binary.major, chart=chart(), mode=ValuesMode.REUSE, has_values=True, wait=True, timeout_s=10)
    place.env["HELM_DEBUG"] = "true"
    rc, _, stderr = await done(place, command, "image: does-not-exist:1\n")
    failure = classify(list(command), rc, stderr)
    assert failure.kind is FailureKind.NOT_READY
    assert str(failure).startswith("Upgrading team-a/web failed: Deployment web in namespace team-a did not become ready in time")


async def test_an_uninstall_that_leaves_objects_behind_says_so(place: Place, sandbox: Sandbox):
    """Helm 4, with rights on Secrets only, ends with 0 and orphans the objects; Helm 3 fails."""
    sandbox.grant("secrets-only", verbs=["*"], resources=["secrets"], namespaces=["team-a"])
    place.target = Target(context="sandbox", kubeconfig=str(sandbox.kubeconfig_for("secrets-only")))
    command = argv.uninstall(place.release, place.target, place.binary.major, keep_history=False, wait=False, timeout_s=10)
    rc, stdout, stderr = await done(place, command)
    if place.binary.major == 3:
        assert rc == 1
        assert "could not delete its objects" in str(classify(list(command), rc, stderr))
        return
    warnings = damage(command, stdout, stderr)
    assert (rc, sorted(w.partition(" was left")[0] for w in warnings)) == (0, ["ConfigMap web-config", "Deployment web"])
