"""What the learner answers with: one file for each way of answering."""
