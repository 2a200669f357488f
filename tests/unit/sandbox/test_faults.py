from helmpanel.sandbox.faults import Faults


def test_a_rule_is_about_its_verb_path_and_user():
    faults = Faults()
    rule = faults.add("/api/v1/secrets", verb="list", user="viewer", status=403)
    assert faults.met_by("get", "/api/v1/secrets", "viewer") is None
    assert faults.met_by("list", "/api/v1/pods", "viewer") is None
    assert faults.met_by("list", "/api/v1/secrets?labelSelector=owner%3Dhelm", "admin") is None
    assert faults.met_by("list", "/api/v1/secrets?labelSelector=owner%3Dhelm", "viewer") is rule


def test_a_rule_is_over_after_its_times():
    faults = Faults()
    rule = faults.add(status=500, times=2)
    assert [faults.met_by("get", "/version", "admin") for _ in range(3)] == [rule, rule, None]
    assert rule.hits == 2


def test_the_first_rule_that_meets_counts():
    faults = Faults()
    first, second = faults.add(status=500, times=1), faults.add(status=409)
    assert [faults.met_by("get", "/", "admin") for _ in range(2)] == [first, second]


def test_clear_lets_everything_work_again():
    faults = Faults()
    faults.add(status=500)
    faults.clear()
    assert faults.met_by("get", "/version", "admin") is None


def test_a_refusal_has_the_reason_of_its_status():
    faults = Faults()
    assert faults.add(status=409).refusal().reason == "Conflict"
    assert faults.add(status=500, message="etcd is down").refusal().message == "etcd is down"
    assert faults.add(delay_s=1).refusal() is None


def test_a_refusal_says_when_to_come_back_in_its_headers_and_its_status():
    refused = Faults().add(status=429, retry_after_s=3).refusal()
    assert refused.headers == {"retry-after": "3"}
    assert refused.body()["details"] == {"retryAfterSeconds": 3}
    assert Faults().add(status=429).refusal().headers == {}
