"""What the command line shows, one function a command, over the rooms and `study`.

Given: the words of a command. Gives: tables, files and paths printed for a person, or one JSON document. A mistake of
the user is raised as `HaidangError`; the command line prints it. Never: computes what a room should.
"""
