"""The web application: the laboratory on screen, Vietnamese first, complete in English.

For: those who will not use a command line. So far the public site - the city's programmes with their forecasts beside
their backtests, facts with their sources, the method, downloads -, accounts with roles, work in the background.
Given: a folder for its data, a pack, secrets from the environment. Gives: a site that works without JavaScript.
Never: computes a figure of its own (every number comes from the rooms below), sends a request off the machine, shows a
page that the table of access does not name (`access`), or keeps a secret in a file.

`settings` reads the environment; `people` holds users, organisations and roles; `city` the public pages; `jobs` what is
simulated in the background; `serve` starts everything (`haidang serve`). Words on screen are in `words.*.yaml`.
"""
