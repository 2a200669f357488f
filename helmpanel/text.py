"""Text from outside: masking secrets, escaping, cutting."""
