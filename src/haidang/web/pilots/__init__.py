"""Pilots on screen: declared, registered with a hash to hold against, drawn, watched, evaluated, decided."""
