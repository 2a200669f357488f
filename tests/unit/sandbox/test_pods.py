import pytest

from helmpanel.sandbox.pods import EXIT_CODE, READY_AFTER, RUN_SECONDS, life


def pod(image="web:1", restart="Always", command=None, **annotations):
    container = {"name": "main", "image": image, **({"command": command} if command else {})}
    return {"metadata": {"annotations": annotations}, "spec": {"restartPolicy": restart, "containers": [container]}}


def story(obj, delay_s=1.0):
    """Phases with the reason of the container's state, from birth to the end, looking when told to."""
    seen, age = [], 0.0
    while age is not None:
        status, again_at = life(obj, age, delay_s)
        state = next(iter(status["containerStatuses"][0]["state"].items()))
        ready = status["conditions"][-1]["status"] == "True"
        seen.append((age, status["phase"], state[1].get("reason", state[0]), ready))
        assert again_at is None or again_at > age
        age = again_at
    return seen


def test_a_server_becomes_ready_and_stays():
    assert story(pod()) == [(0, "Pending", "ContainerCreating", False), (1, "Running", "running", True)]


@pytest.mark.parametrize("image", ["does-not-exist:1", "registry/does-not-exist", "missing:2"])
def test_an_image_that_does_not_exist_is_never_ready(image):
    assert story(pod(image))[-1] == (1, "Pending", "ImagePullBackOff", False)


def test_a_crashing_image_is_never_ready():
    assert story(pod("crash:1"))[-1] == (1, "Running", "CrashLoopBackOff", False)


def test_an_annotation_delays_readiness():
    assert story(pod(**{READY_AFTER: "4"}))[-1] == (4, "Running", "running", True)


def test_a_pod_that_runs_once_succeeds():
    assert [each[:3] for each in story(pod(restart="Never"))] == [
        (0, "Pending", "ContainerCreating"),
        (1, "Running", "running"),
        (2, "Succeeded", "Completed"),
    ]


def test_annotations_say_how_long_it_runs_and_how_it_ends():
    assert story(pod(restart="Never", **{RUN_SECONDS: "60", EXIT_CODE: "3"}))[-1] == (61, "Failed", "Error", False)


@pytest.mark.parametrize(("command", "phase"), [(["sh", "-c", "exit 1"], "Failed"), (["false"], "Failed"), (["sh", "-c", "exit 0"], "Succeeded")])
def test_a_command_that_says_it_fails_does(command, phase):
    assert story(pod(restart="OnFailure", command=command))[-1][1] == phase
