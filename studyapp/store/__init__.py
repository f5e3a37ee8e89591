"""What the learner did, kept for good: the append-only log, the states it leads to, backups and repairs."""
