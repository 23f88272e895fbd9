"""One multinomial logit, made by several programs: the same utilities, each with its own random numbers.

A million units choose among eight alternatives under two scenarios; a utility is a constant and six linear terms. Each
contender gives the counts of choices by scenario and alternative, and these must agree with the closed-form shares.
"""
