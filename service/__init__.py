"""The use cases that pages, API, command line and clock share."""
