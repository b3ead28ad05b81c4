"""The records in the forms that others read: spreadsheets, data frames, maps, Aleph."""
