"""What the spread of a coefficient that differs between units is called."""


def spread_name(name: str) -> str:
    """`b_time_spread` for `b_time`."""
    return f"{name}_spread"
