"""When a card comes back: ratings, the memory model, study days and the order of the queue."""
