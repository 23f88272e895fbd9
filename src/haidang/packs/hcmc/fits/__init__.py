"""Estimates that become facts of the pack.

For whom: a modeller who wants to check or renew a coefficient.
Given: public microdata that the repository does not carry.
Gives: YAML files of facts under `facts/`, and beside each script a JSON file with everything that was estimated.
Never: read by the models; they see only the facts.
"""
