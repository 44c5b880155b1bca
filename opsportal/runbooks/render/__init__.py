"""From records back to Markdown: changed values in the form they were found in, new records in the template's form."""
