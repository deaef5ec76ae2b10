"""Pages, API and feeds over one `Daybook`."""
