"""The pages. Each is whole without JavaScript."""
