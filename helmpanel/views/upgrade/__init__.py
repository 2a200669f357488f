"""The upgrade dialog."""

from helmpanel.views.upgrade.form import UpgradeForm, ask_upgrade

__all__ = ["UpgradeForm", "ask_upgrade"]
