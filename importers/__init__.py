"""Outside documents into commands: pure parsers."""
