"""Ho Chi Minh City in its borders since 1 July 2025."""
