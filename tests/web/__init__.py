"""The web application. What its rooms share, such as running sites, lasts as long as their tests."""
