"""How often somebody asked lately, counted where every process of the server sees it.

For: logins, codes and programs, each of which may try so often and then waits. Given: a name and a rate. Gives: the
seconds to wait. Never: anything that a backup should hold, or that a crash of the machine may not lose.
"""
