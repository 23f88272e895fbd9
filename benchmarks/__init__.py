"""Benchmarks: what BENCHMARKS.md reports, measured.

Given: names of cases (`python -m benchmarks [CASE ...]`), and a folder for what is found. Gives: a table of figures
beside their bounds, and one JSON file a case. Each case runs in a process of its own. CPU time counts all threads.
Bounds are judged by the median of the repetitions; where other processes disturb, the least and the most stand beside.
Never: part of the tests, and nothing in `src/` imports it.
"""
