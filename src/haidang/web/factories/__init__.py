"""Factories on the site: who they are, how far they are, what they may do next, and who may know.

For: the people of a factory, who fill in their own papers together; assessors; the city's staff.
Given: a framework, the pack's programmes and facts, and what the factories' people write.
Gives: assessments over several sittings, the result against peers, a roadmap, programmes with each condition met or
not, applications, consents by lender and field, and the files and the history of all of it.
Never: computes a level, a plan or a condition (frameworks, allocate and programmes do), lets one person overwrite
another, shows peers where they are fewer than five, or shows a lender a field without a consent that stands.
"""
