"""Pages that show more than one app's data."""
