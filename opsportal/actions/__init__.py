"""Changes that concern several apps: reports that are signed, and reports that are sent."""
