"""What counts as the same API calls, and what does not."""

from __future__ import annotations

import pytest

from .calls import Call, differences

LIST = Call.of("list", "/api/v1/namespaces/n/secrets?labelSelector=owner%3Dhelm", 200, "admin")
CREATE = Call.of("create", "/api/v1/namespaces/n/secrets", 201, "admin")
POLL = Call.of("get", "/apis/apps/v1/namespaces/n/deployments/d", 200, "admin")


def test_the_same_calls_in_another_order_are_the_same():
    assert differences([LIST, CREATE], [CREATE, LIST], waits=False) == []


@pytest.mark.parametrize(
    "other",
    [
        Call.of("create", "/api/v1/namespaces/n/configmaps", 201, "admin"),
        Call.of("update", "/api/v1/namespaces/n/secrets", 201, "admin"),
        Call.of("create", "/api/v1/namespaces/n/secrets", 409, "admin"),
        Call.of("create", "/api/v1/namespaces/n/secrets", 201, "viewer"),
        Call.of("create", "/api/v1/namespaces/n/secrets?fieldManager=helm", 201, "admin"),
    ],
    ids=["path", "verb", "status", "user", "query"],
)
def test_another_call_is_a_difference(other: Call):
    assert differences([LIST, CREATE], [LIST, other], waits=False) == [f"- {CREATE}", f"+ {other}"]


def test_a_call_too_many_is_a_difference():
    assert differences([LIST], [LIST, LIST], waits=False) == [f"+ {LIST}"]


def test_a_call_too_few_is_a_difference():
    assert differences([LIST, LIST], [LIST], waits=False) == [f"- {LIST}"]


def test_how_often_a_waiting_command_reads_is_a_matter_of_time():
    assert differences([POLL, POLL, POLL], [POLL], waits=True) == []


def test_a_waiting_command_still_reads_the_same_things():
    assert differences([POLL, LIST], [POLL], waits=True) == [f"- {LIST}"]


def test_a_waiting_command_still_writes_as_often():
    assert differences([CREATE, CREATE], [CREATE], waits=True) == [f"- {CREATE}"]


def test_what_a_background_helm_asked_for_may_stand_in_a_recording():
    assert differences([LIST, POLL], [LIST], waits=False, background=[POLL]) == []


def test_what_no_background_helm_asked_for_may_not():
    assert differences([LIST, CREATE], [LIST], waits=False, background=[POLL]) == [f"- {CREATE}"]


def test_a_background_helm_excuses_no_call_of_the_replay():
    assert differences([LIST], [LIST, POLL], waits=False, background=[POLL]) == [f"+ {POLL}"]


def test_random_and_counted_parameters_are_left_out():
    one = Call.of("watch", "/api/v1/pods?watch=true&timeoutSeconds=528&resourceVersion=7&labelSelector=a%2Cpod-template-hash%3Ddd7ddf674", 200, "u")
    other = Call.of("watch", "/api/v1/pods?timeoutSeconds=301&watch=true&resourceVersion=9&labelSelector=a%2Cpod-template-hash%3D5b44bfd9c8", 200, "u")
    assert one == other


def test_not_modified_is_the_cache_of_helm_for_discovery_only():
    assert Call.of("get", "/apis?timeout=32s", 304, "u") == Call.of("get", "/apis?timeout=32s", 200, "u")
    assert Call.of("get", "/api/v1/pods", 304, "u") != Call.of("get", "/api/v1/pods", 200, "u")


def test_openapi_documents_of_one_group_are_cached_for_ever():
    document = Call.of("get", "/openapi/v3/apis/apps/v1?hash=1", 200, "u")
    assert differences([LIST], [LIST, document], waits=False) == []
    assert differences([LIST], [LIST, Call.of("get", "/openapi/v3?timeout=32s", 200, "u")], waits=False) != []


def test_the_resources_of_one_version_are_asked_for_by_chance():
    assert differences([LIST], [LIST, Call.of("get", "/apis/apps/v1", 200, "u")], waits=True) == []
    assert differences([LIST], [LIST, Call.of("list", "/apis/apps/v1/deployments", 200, "u")], waits=True) != []


def test_the_recorded_form_holds_the_user_in_brackets():
    assert Call.recorded("list", "/api/v1/secrets?labelSelector=owner%3Dhelm  [admin]", 200) == Call(
        "list", "/api/v1/secrets?labelSelector=owner=helm", 200, "admin"
    )
