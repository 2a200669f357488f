"""Where helm stores its releases, and what is said of it."""

import pytest

from helmpanel.errors import SettingsInvalid
from helmpanel.inventory.drivers import driver_of


@pytest.mark.parametrize(
    ("setting", "variable", "plural", "said"),
    [
        ("", None, "secrets", "Read from helm's Secrets."),
        ("", "Secrets", "secrets", "Read from helm's Secrets."),
        ("", "configmap", "configmaps", "because HELM_DRIVER is configmap"),
        ("configmaps", "sql", "configmaps", "because the setting driver is configmaps"),
        ("", "sql", None, "by the helm command line from time to time, because HELM_DRIVER is sql"),
        ("memory", None, None, "because the setting driver is memory"),
    ],
)
def test_setting_goes_before_the_variable_and_the_way_says_why(setting, variable, plural, said):
    driver = driver_of(setting, {"HELM_DRIVER": variable} if variable is not None else {})
    assert driver.plural == plural
    assert said in driver.way


def test_driver_that_helm_does_not_have_is_told_with_those_it_has():
    with pytest.raises(SettingsInvalid, match=r"'etcd'.*secret, configmap, sql, memory"):
        driver_of("", {"HELM_DRIVER": "etcd"})
