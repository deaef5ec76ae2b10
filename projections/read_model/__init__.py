"""The read model: tables of claims and entries, written in the append's own transaction and made anew by `rebuild`."""
