"""The laboratory: programmes with other levers, budgets, conditions and facts, tried on a sample and then in full.

A design is a programme of the pack with a short list of changes (`haidang.packs.design_file`), kept in the database and
exported as the file that the command line runs. A sample of it is answered by a process of its own (`sampler`), a run
and an allocation by the worker. Numbers come from the rooms below; here they are asked for and shown.
"""
