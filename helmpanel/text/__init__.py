"""Text from outside: masking secrets, escaping, cutting."""

from helmpanel.text.lines import DOTS, LineMasker, mask_line, mask_text
from helmpanel.text.masking import mask_manifest, mask_values
from helmpanel.text.plain import cut, escape
from helmpanel.text.words import is_secret_key

__all__ = ["DOTS", "LineMasker", "cut", "escape", "is_secret_key", "mask_line", "mask_manifest", "mask_text", "mask_values"]
