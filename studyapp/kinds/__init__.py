"""The kinds of card: what each holds, how it is asked and how it is graded."""
