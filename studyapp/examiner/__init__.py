"""An examiner of one's own: a language model at an address that the learner names, which may suggest ticks.

Without an address nothing here is imported and no byte is sent. What is asked for each point of a rubric is whether the
answer says it, and with which words; it never rates, and nothing waits for it.
"""
