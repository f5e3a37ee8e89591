"""What may stand at a place of a YAML file, how it is read, and how JSON Schema says the same."""
