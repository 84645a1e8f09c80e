"""Who can read what: a summary for people, data for programs and spreadsheets, and a page for a browser."""
