"""Files and payloads of other tools into tables: reading, mapping, joining, reconciliation."""
